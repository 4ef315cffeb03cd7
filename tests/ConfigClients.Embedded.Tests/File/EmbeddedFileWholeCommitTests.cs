using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileWholeCommitTests(EmbeddedFixture fixture) : WholeCommitConformance(fixture), IClassFixture<EmbeddedFixture>;
