using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileKeyShapeTests(EmbeddedFixture fixture) : KeyShapeConformance(fixture), IClassFixture<EmbeddedFixture>;
