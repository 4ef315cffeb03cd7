using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryDeleteTests(EmbeddedMemoryFixture fixture) : DeleteConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
