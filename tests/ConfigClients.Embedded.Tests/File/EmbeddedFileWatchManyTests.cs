using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileWatchManyTests(EmbeddedFixture fixture) : WatchManyConformance(fixture), IClassFixture<EmbeddedFixture>;
