using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdWatchTests(EtcdFixture fixture) : WatchConformance(fixture), IClassFixture<EtcdFixture>;
