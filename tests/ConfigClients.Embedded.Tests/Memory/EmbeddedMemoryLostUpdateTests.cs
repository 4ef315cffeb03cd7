using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryLostUpdateTests(EmbeddedMemoryFixture fixture) : LostUpdateConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
