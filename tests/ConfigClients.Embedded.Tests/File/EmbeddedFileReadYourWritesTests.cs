using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileReadYourWritesTests(EmbeddedFixture fixture) : ReadYourWritesConformance(fixture), IClassFixture<EmbeddedFixture>;
