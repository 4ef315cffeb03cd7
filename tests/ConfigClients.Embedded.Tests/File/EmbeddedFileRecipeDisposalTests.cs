using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileRecipeDisposalTests(EmbeddedFixture fixture) : RecipeDisposalConformance(fixture), IClassFixture<EmbeddedFixture>;
