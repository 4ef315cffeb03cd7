using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileDisposalTests(EmbeddedFixture fixture) : DisposalConformance(fixture), IClassFixture<EmbeddedFixture>;
