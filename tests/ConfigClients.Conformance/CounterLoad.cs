using System.Collections.Concurrent;
using System.Globalization;

namespace ConfigClients.Conformance;

/// <summary>Clients that count one key up by compare-and-set, and clients that read it all the time. What went wrong is kept.</summary>
public sealed class CounterLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentBag<StoreException> _failedReads = [];
    private readonly IReadOnlyList<IConfigStore> _stores;
    private readonly Task[] _running;
    private readonly string _key;
    private int _applied;
    private int _unknown;
    private int _reads;
    private int _wentBack;

    private CounterLoad(Func<IConfigStore> open, string key, int writers, int readers)
    {
        _key = key;
        _stores = [.. Enumerable.Range(0, writers + readers).Select(_ => open())];
        _running = [.. _stores.Select((store, i) => Task.Run(() => i < writers ? CountAsync(store) : ReadAsync(store)))];
    }

    /// <summary>Increments that were confirmed.</summary>
    public int Applied => Volatile.Read(ref _applied);

    /// <summary>Increments that nobody knows about.</summary>
    public int Unknown => Volatile.Read(ref _unknown);

    /// <summary>Reads that were answered.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Reads that showed less than an earlier one of the same client.</summary>
    public int WentBack => Volatile.Read(ref _wentBack);

    /// <summary>Reads that failed, after all retries.</summary>
    public IReadOnlyCollection<StoreException> FailedReads => _failedReads;

    /// <summary>Starts.</summary>
    /// <param name="open">Opens a client; each writer and reader has its own.</param>
    /// <param name="key">The key.</param>
    /// <param name="writers">How many count.</param>
    /// <param name="readers">How many read.</param>
    /// <returns>The load.</returns>
    public static CounterLoad Start(Func<IConfigStore> open, string key, int writers = 3, int readers = 2) => new(open, key, writers, readers);

    /// <summary>Waits until so many more increments were confirmed.</summary>
    /// <param name="more">How many.</param>
    /// <returns>When they were.</returns>
    public Task UntilAsync(int more)
    {
        int target = Applied + more;
        return Eventually.HoldsAsync(() => Applied >= target, TimeSpan.FromSeconds(30));
    }

    /// <summary>Stops, and checks that the counter holds what was confirmed, and at most what is unknown besides.</summary>
    /// <param name="store">Who reads the counter.</param>
    /// <returns>When checked.</returns>
    public async Task AssertNothingLostAsync(IConfigStore store)
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_running);
        Assert.InRange(int.Parse((await store.GetStringAsync(_key))!, CultureInfo.InvariantCulture), Applied, Applied + Unknown);
        Assert.Equal(0, WentBack);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_stores.Select(static store => store.DisposeAsync().AsTask()));
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
    }

    private async Task CountAsync(IConfigStore store)
    {
        while (!_enough.IsCancellationRequested)
        {
            try
            {
                ConfigEntry? entry = await store.GetAsync(_key);
                int next = int.Parse(entry?.GetString() ?? "0", CultureInfo.InvariantCulture) + 1;
                Condition condition = entry is null ? Condition.Absent : Condition.UnchangedSince(entry.Revision);
                WriteResult result = await store.SetAsync(_key, $"{next}", condition);
                Interlocked.Add(ref _applied, result.Applied ? 1 : 0);
            }
            catch (StoreException e) when (e.IsTransient)
            {
                Interlocked.Add(ref _unknown, e.MayHaveApplied ? 1 : 0);
            }
        }
    }

    private async Task ReadAsync(IConfigStore store)
    {
        int last = 0;
        while (!_enough.IsCancellationRequested)
        {
            try
            {
                int value = int.Parse(await store.GetStringAsync(_key) ?? "0", CultureInfo.InvariantCulture);
                Interlocked.Increment(ref _reads);
                Interlocked.Add(ref _wentBack, value < last ? 1 : 0);
                last = value;
            }
            catch (StoreException e)
            {
                _failedReads.Add(e);
            }
        }
    }
}
