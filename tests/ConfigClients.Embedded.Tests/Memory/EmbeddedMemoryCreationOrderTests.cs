using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryCreationOrderTests(EmbeddedMemoryFixture fixture) : CreationOrderConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
