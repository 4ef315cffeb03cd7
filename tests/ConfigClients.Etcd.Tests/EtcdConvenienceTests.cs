using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdConvenienceTests(EtcdFixture fixture) : ConvenienceConformance(fixture), IClassFixture<EtcdFixture>;
