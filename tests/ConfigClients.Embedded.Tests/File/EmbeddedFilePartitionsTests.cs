using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFilePartitionsTests(EmbeddedFixture fixture) : PartitionsConformance(fixture), IClassFixture<EmbeddedFixture>;
