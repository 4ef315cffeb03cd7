using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileWallClockTests(EmbeddedFixture fixture) : WallClockConformance(fixture), IClassFixture<EmbeddedFixture>;
