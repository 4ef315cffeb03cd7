using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileSessionEndTests(EmbeddedFixture fixture) : SessionEndConformance(fixture), IClassFixture<EmbeddedFixture>;
