using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdRecipeDisposalTests(EtcdFixture fixture) : RecipeDisposalConformance(fixture), IClassFixture<EtcdFixture>;
