using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdMembershipTests(EtcdFixture fixture) : MembershipConformance(fixture), IClassFixture<EtcdFixture>;
