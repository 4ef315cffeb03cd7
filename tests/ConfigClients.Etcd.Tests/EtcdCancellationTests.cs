using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdCancellationTests(EtcdFixture fixture) : CancellationConformance(fixture), IClassFixture<EtcdFixture>;
