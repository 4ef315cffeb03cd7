using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileWatchLoadTests(EmbeddedFixture fixture) : WatchLoadConformance(fixture), IClassFixture<EmbeddedFixture>;
