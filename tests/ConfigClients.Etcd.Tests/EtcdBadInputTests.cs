using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdBadInputTests(EtcdFixture fixture) : BadInputConformance(fixture), IClassFixture<EtcdFixture>;
