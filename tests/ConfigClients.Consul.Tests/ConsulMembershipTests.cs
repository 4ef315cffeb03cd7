using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulMembershipTests(ConsulFixture fixture) : MembershipConformance(fixture), IClassFixture<ConsulFixture>;
