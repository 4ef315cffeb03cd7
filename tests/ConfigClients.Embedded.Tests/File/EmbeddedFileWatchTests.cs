using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileWatchTests(EmbeddedFixture fixture) : WatchConformance(fixture), IClassFixture<EmbeddedFixture>;
