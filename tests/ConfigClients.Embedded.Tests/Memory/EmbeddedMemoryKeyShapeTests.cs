using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryKeyShapeTests(EmbeddedMemoryFixture fixture) : KeyShapeConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
