using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulCancellationTests(ConsulFixture fixture) : CancellationConformance(fixture), IClassFixture<ConsulFixture>;
