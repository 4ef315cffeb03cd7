using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdListingTests(EtcdFixture fixture) : ListingConformance(fixture), IClassFixture<EtcdFixture>;
