using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdBadConfigurationTests(EtcdFixture fixture) : BadConfigurationConformance(fixture), IClassFixture<EtcdFixture>;
