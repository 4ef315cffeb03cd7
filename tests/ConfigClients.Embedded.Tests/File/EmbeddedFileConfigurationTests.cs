using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileConfigurationTests(EmbeddedFixture fixture) : ConfigurationConformance(fixture), IClassFixture<EmbeddedFixture>;
