using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdConfigurationTests(EtcdFixture fixture) : ConfigurationConformance(fixture), IClassFixture<EtcdFixture>;
