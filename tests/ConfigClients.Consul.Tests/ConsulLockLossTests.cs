using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulLockLossTests(ConsulFixture fixture) : LockLossConformance(fixture), IClassFixture<ConsulFixture>;
