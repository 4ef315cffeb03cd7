using System.Globalization;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>Three servers, one of which goes: no update is lost, no session, no final state of a watch.</summary>
public sealed class ConsulClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F6, F19
    public async Task Killing_the_leader_under_load_loses_nothing()
    {
        await using ConsulCluster cluster = await ConsulCluster.StartAsync(cancellationToken: Stop);
        ConsulBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);

        // The leader first: its clients must find their way to the others.
        Uri[] endpoints = [leader.Endpoint, .. cluster.Nodes.Where(node => node != leader).Select(static node => node.Endpoint)];
        await using IConfigStore store = ConsulStores.Open(endpoints);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        using CancellationTokenSource enough = new();

        Task<(int Applied, int Unknown)>[] writers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => CountAsync(endpoints, enough.Token)))];
        await Eventually.ReadAsync(() => ReadAsync(store), static value => value > 20);
        await leader.KillAsync();
        await cluster.LeaderAsync(leader, Stop);
        int before = await Eventually.ReadAsync(() => ReadAsync(store), static value => value >= 0, TimeSpan.FromSeconds(20));
        await Eventually.ReadAsync(() => ReadAsync(store), value => value > before + 20, TimeSpan.FromSeconds(20));
        await enough.CancelAsync();
        (int Applied, int Unknown)[] counts = await Task.WhenAll(writers);

        int applied = counts.Sum(static count => count.Applied);
        Assert.InRange(await ReadAsync(store), applied, applied + counts.Sum(static count => count.Unknown));
        Assert.Equal(SessionState.Healthy, session.State);
        Assert.Equal(session.Id, (await store.GetAsync("p/seat", Stop))!.SessionId);
        await watch.UntilConvergedAsync(store, "p");
    }

    private static async Task<int> ReadAsync(IConfigStore store)
    {
        try
        {
            return int.Parse(await store.GetStringAsync("p/counter", Stop) ?? "0", CultureInfo.InvariantCulture);
        }
        catch (StoreException e) when (e.IsTransient)
        {
            return -1;
        }
    }

    private static async Task<(int Applied, int Unknown)> CountAsync(Uri[] endpoints, CancellationToken enough)
    {
        await using IConfigStore store = ConsulStores.Open(endpoints);
        int applied = 0;
        int unknown = 0;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                ConfigEntry? entry = await store.GetAsync("p/counter", Stop);
                int next = int.Parse(entry?.GetString() ?? "0", CultureInfo.InvariantCulture) + 1;
                Condition condition = entry is null ? Condition.Absent : Condition.UnchangedSince(entry.Revision);
                WriteResult result = await store.SetAsync("p/counter", $"{next}", condition, cancellationToken: Stop);
                applied += result.Applied ? 1 : 0;
            }
            catch (StoreException e) when (e.IsTransient)
            {
                unknown += e.MayHaveApplied ? 1 : 0;
            }
        }

        return (applied, unknown);
    }
}
