using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulSemaphoreTests(ConsulFixture fixture) : SemaphoreConformance(fixture), IClassFixture<ConsulFixture>;
