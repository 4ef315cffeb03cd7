namespace ConfigClients.DistributedLocks.Tests;

public sealed class EmbeddedProviderTests(EmbeddedFixture fixture) : ProviderConformance(fixture), IClassFixture<EmbeddedFixture>;
