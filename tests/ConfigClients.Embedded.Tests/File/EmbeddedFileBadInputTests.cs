using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileBadInputTests(EmbeddedFixture fixture) : BadInputConformance(fixture), IClassFixture<EmbeddedFixture>;
