using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryWatchTests(EmbeddedMemoryFixture fixture) : WatchConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
