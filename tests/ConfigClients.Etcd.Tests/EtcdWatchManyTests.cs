using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdWatchManyTests(EtcdFixture fixture) : WatchManyConformance(fixture), IClassFixture<EtcdFixture>;
