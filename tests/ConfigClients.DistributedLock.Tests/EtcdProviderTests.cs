namespace ConfigClients.DistributedLocks.Tests;

public sealed class EtcdProviderTests(EtcdFixture fixture) : ProviderConformance(fixture), IClassFixture<EtcdFixture>;
