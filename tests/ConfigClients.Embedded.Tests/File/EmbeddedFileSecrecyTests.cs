using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileSecrecyTests(EmbeddedFixture fixture) : SecrecyConformance(fixture), IClassFixture<EmbeddedFixture>;
