using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryConditionTests(EmbeddedMemoryFixture fixture) : ConditionConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
