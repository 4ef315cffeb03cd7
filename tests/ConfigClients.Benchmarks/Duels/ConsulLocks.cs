namespace ConfigClients.Benchmarks.Duels;

/// <summary>Locks on a live Consul server: ours against a key that sessions acquire and release by bare requests.</summary>
internal sealed class ConsulLocks(Uri endpoint, IConfigStore store, Func<IConfigStore> open)
{
    private static readonly TimeSpan Uncontended = TimeSpan.FromSeconds(1.2);

    public IEnumerable<Duel> All() =>
    [
        new("Consul lock and release, uncontended, p50, against a bare session lock", "µs", 2.20, false, BareAloneAsync, () => LockLoops.AloneAsync(store)),
        new("Consul lock, 8 contenders, hand-overs, against bare session locks", "/s", 0.50, true, BareHandOversAsync, HandOversAsync),
    ];

    private async Task<double> BareAloneAsync()
    {
        using BareConsul bare = new(endpoint);
        string session = await bare.OpenSessionAsync();
        string name = LockLoops.NewName();
        return await Stat.MedianMicrosecondsAsync(async () => await LockAsync(bare, name, session), Uncontended);
    }

    private async Task<double> BareHandOversAsync()
    {
        string name = LockLoops.NewName();
        BareConsul[] contenders = [.. Enumerable.Range(0, LockLoops.Contenders).Select(_ => new BareConsul(endpoint))];
        string[] sessions = await Task.WhenAll(contenders.Select(static bare => bare.OpenSessionAsync()));
        double rate = await LockLoops.RateAsync(contenders.Length, contender => LockAsync(contenders[contender], name, sessions[contender]));
        foreach (BareConsul contender in contenders)
        {
            contender.Dispose();
        }

        return rate;
    }

    private async Task<double> HandOversAsync()
    {
        IConfigStore[] stores = [.. Enumerable.Range(0, LockLoops.Contenders).Select(_ => open())];
        double rate = await LockLoops.HandOversAsync(stores);
        await Task.WhenAll(stores.Select(static one => one.DisposeAsync().AsTask()));
        return rate;
    }

    /// <summary>Tries, and waits for the key to change before it tries again. Fair to nobody, and without a fencing token.</summary>
    private static async Task LockAsync(BareConsul bare, string name, string session)
    {
        for (long index = 0; !await bare.PutAsync($"/v1/kv/{name}?acquire={session}");)
        {
            (index, _) = await bare.BlockAsync($"/v1/kv/{name}?raw", index, CancellationToken.None);
        }

        await bare.PutAsync($"/v1/kv/{name}?release={session}");
    }
}
