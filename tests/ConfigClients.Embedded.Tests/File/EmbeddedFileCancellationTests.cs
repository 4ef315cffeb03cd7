using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileCancellationTests(EmbeddedFixture fixture) : CancellationConformance(fixture), IClassFixture<EmbeddedFixture>;
