using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryCommitTests(EmbeddedMemoryFixture fixture) : CommitConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
