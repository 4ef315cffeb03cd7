using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileCommitTests(EmbeddedFixture fixture) : CommitConformance(fixture), IClassFixture<EmbeddedFixture>;
