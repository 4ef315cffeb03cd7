using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryConfigurationTests(EmbeddedMemoryFixture fixture) : ConfigurationConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
