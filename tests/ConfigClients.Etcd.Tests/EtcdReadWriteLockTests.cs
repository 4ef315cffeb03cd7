using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdReadWriteLockTests(EtcdFixture fixture) : ReadWriteLockConformance(fixture), IClassFixture<EtcdFixture>;
