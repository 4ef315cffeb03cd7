namespace ConfigClients.Benchmarks.Duels;

/// <summary>Locks on a live ZooKeeper server: ours against the usual recipe on the Java client.</summary>
internal sealed class ZooKeeperLocks(PeerProcess java, IConfigStore store, Func<IConfigStore> open)
{
    public IEnumerable<Duel> All() =>
    [
        new("ZooKeeper lock and release, uncontended, p50, against a Java recipe", "µs", 0.70, false,
            () => java.AskAsync("lock 1200"), () => LockLoops.AloneAsync(store)),
        new("ZooKeeper lock, 8 contenders, hand-overs, against a Java recipe", "/s", 0.90, true,
            () => java.AskAsync($"contend {LockLoops.Contenders} 2000"), HandOversAsync),
    ];

    private async Task<double> HandOversAsync()
    {
        IConfigStore[] stores = [.. Enumerable.Range(0, LockLoops.Contenders).Select(_ => open())];
        double rate = await LockLoops.HandOversAsync(stores);
        await Task.WhenAll(stores.Select(static one => one.DisposeAsync().AsTask()));
        return rate;
    }
}
