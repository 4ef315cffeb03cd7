using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemorySessionTests(EmbeddedMemoryFixture fixture) : SessionConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
