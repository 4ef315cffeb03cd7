using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemorySessionBindingTests(EmbeddedMemoryFixture fixture) : SessionBindingConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
