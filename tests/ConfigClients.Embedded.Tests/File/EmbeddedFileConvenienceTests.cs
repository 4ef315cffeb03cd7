using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileConvenienceTests(EmbeddedFixture fixture) : ConvenienceConformance(fixture), IClassFixture<EmbeddedFixture>;
