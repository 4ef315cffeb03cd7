using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileLeaderServiceTests(EmbeddedFixture fixture) : LeaderServiceConformance(fixture), IClassFixture<EmbeddedFixture>;
