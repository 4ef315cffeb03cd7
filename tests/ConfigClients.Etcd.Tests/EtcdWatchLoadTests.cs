using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdWatchLoadTests(EtcdFixture fixture) : WatchLoadConformance(fixture), IClassFixture<EtcdFixture>;
