using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulListingTests(ConsulFixture fixture) : ListingConformance(fixture), IClassFixture<ConsulFixture>;
