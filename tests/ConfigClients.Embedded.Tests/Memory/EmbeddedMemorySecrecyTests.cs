using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemorySecrecyTests(EmbeddedMemoryFixture fixture) : SecrecyConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
