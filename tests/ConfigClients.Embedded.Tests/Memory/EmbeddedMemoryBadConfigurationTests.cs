using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryBadConfigurationTests(EmbeddedMemoryFixture fixture) : BadConfigurationConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
