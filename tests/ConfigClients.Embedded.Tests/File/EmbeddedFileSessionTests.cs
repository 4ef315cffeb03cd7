using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileSessionTests(EmbeddedFixture fixture) : SessionConformance(fixture), IClassFixture<EmbeddedFixture>;
