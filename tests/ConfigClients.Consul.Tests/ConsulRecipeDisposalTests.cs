using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulRecipeDisposalTests(ConsulFixture fixture) : RecipeDisposalConformance(fixture), IClassFixture<ConsulFixture>;
