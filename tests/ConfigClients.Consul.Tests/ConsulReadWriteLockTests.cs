using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulReadWriteLockTests(ConsulFixture fixture) : ReadWriteLockConformance(fixture), IClassFixture<ConsulFixture>;
