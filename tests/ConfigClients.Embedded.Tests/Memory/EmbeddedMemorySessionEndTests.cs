using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemorySessionEndTests(EmbeddedMemoryFixture fixture) : SessionEndConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
