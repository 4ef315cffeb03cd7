using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryWatchManyTests(EmbeddedMemoryFixture fixture) : WatchManyConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
