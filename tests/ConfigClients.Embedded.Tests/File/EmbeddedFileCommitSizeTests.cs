using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileCommitSizeTests(EmbeddedFixture fixture) : CommitSizeConformance(fixture), IClassFixture<EmbeddedFixture>;
