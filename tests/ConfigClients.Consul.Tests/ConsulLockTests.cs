using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulLockTests(ConsulFixture fixture) : LockConformance(fixture), IClassFixture<ConsulFixture>;
