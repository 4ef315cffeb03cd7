using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryKeyValueTests(EmbeddedMemoryFixture fixture) : KeyValueConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
