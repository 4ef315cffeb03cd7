using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileCreationOrderTests(EmbeddedFixture fixture) : CreationOrderConformance(fixture), IClassFixture<EmbeddedFixture>;
