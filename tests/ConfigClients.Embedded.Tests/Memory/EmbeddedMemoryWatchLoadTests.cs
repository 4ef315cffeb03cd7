using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryWatchLoadTests(EmbeddedMemoryFixture fixture) : WatchLoadConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
