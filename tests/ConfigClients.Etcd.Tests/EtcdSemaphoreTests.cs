using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdSemaphoreTests(EtcdFixture fixture) : SemaphoreConformance(fixture), IClassFixture<EtcdFixture>;
