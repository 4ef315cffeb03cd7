using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileBadConfigurationTests(EmbeddedFixture fixture) : BadConfigurationConformance(fixture), IClassFixture<EmbeddedFixture>;
