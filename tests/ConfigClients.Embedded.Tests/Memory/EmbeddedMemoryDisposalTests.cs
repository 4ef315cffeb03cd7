using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryDisposalTests(EmbeddedMemoryFixture fixture) : DisposalConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
