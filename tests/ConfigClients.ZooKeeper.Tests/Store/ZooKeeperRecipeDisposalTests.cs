using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperRecipeDisposalTests(ZooKeeperFixture fixture) : RecipeDisposalConformance(fixture), IClassFixture<ZooKeeperFixture>;
