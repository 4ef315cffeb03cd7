using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileSemaphoreTests(EmbeddedFixture fixture) : SemaphoreConformance(fixture), IClassFixture<EmbeddedFixture>;
