using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileLostUpdateTests(EmbeddedFixture fixture) : LostUpdateConformance(fixture), IClassFixture<EmbeddedFixture>;
