using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdSecrecyTests(EtcdFixture fixture) : SecrecyConformance(fixture), IClassFixture<EtcdFixture>;
