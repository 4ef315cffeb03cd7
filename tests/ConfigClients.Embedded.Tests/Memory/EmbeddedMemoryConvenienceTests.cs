using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryConvenienceTests(EmbeddedMemoryFixture fixture) : ConvenienceConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
