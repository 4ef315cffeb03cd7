using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryWholeCommitTests(EmbeddedMemoryFixture fixture) : WholeCommitConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
