using System.Diagnostics;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulSilenceTests(ConsulFixture fixture) : SilenceConformance(fixture), IClassFixture<ConsulFixture>
{
    /// <summary>Each call takes a connection that is free: the silent one is none.</summary>
    protected override TimeSpan CallsBackWithin => TimeSpan.Zero;

    [Fact] // F14, F19
    public async Task Reads_leave_a_silent_endpoint_within_one_call()
    {
        await using FaultProxy silent = FaultProxy.Start(fixture.Server.Endpoint);
        silent.NewConnections = AcceptBehavior.BlackHole;
        await using IConfigStore store = ConsulStores.Open([silent.Endpoint, fixture.Server.Endpoint], static options => options.RequestTimeout = TimeSpan.FromSeconds(2));

        Assert.Null(await store.GetAsync(fixture.NewPrefix() + "/a", Stop));
        long start = Stopwatch.GetTimestamp();
        Assert.Null(await store.GetAsync(fixture.NewPrefix() + "/a", Stop));

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1), "It went back to the silent endpoint.");
    }
}
