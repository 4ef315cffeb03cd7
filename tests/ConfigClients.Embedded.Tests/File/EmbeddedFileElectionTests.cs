using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileElectionTests(EmbeddedFixture fixture) : ElectionConformance(fixture), IClassFixture<EmbeddedFixture>;
