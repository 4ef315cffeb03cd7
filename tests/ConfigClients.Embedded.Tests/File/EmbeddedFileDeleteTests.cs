using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileDeleteTests(EmbeddedFixture fixture) : DeleteConformance(fixture), IClassFixture<EmbeddedFixture>;
