using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryCommitSizeTests(EmbeddedMemoryFixture fixture) : CommitSizeConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
