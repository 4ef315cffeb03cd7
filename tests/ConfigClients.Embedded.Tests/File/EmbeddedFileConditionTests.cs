using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileConditionTests(EmbeddedFixture fixture) : ConditionConformance(fixture), IClassFixture<EmbeddedFixture>;
