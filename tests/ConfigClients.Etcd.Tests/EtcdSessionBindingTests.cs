using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdSessionBindingTests(EtcdFixture fixture) : SessionBindingConformance(fixture), IClassFixture<EtcdFixture>;
