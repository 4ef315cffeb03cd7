using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryReadYourWritesTests(EmbeddedMemoryFixture fixture) : ReadYourWritesConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
