using ConfigClients.Conformance.Outages;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdNetworkFaultTests(EtcdFixture fixture) : NetworkFaultConformance(fixture), IClassFixture<EtcdFixture>;
