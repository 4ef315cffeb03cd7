using ConfigClients.Conformance.Outages;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulResumeTests(ConsulFixture fixture) : ResumeConformance(fixture), IClassFixture<ConsulFixture>
{
    /// <summary>From before the status line, over the headers and the keys, to behind them.</summary>
    protected override IEnumerable<int> Cuts => [0, 1, 12, 40, 150, 250, 400, 900, 2000];
}
