using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdSeatTests(EtcdFixture fixture) : SeatConformance(fixture), IClassFixture<EtcdFixture>;
