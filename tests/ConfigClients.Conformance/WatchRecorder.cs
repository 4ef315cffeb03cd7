namespace ConfigClients.Conformance;

/// <summary>Runs one watch in the background and keeps what it delivers.</summary>
public sealed class WatchRecorder : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<WatchBatch> _batches = [];
    private readonly WatchConsumer _consumer;
    private readonly Task _run;

    private WatchRecorder(IConfigStore store, string prefix)
    {
        _consumer = new WatchConsumer(prefix);
        _run = Task.Run(() => RunAsync(store, prefix));
    }

    /// <summary>What was delivered so far.</summary>
    public IReadOnlyList<WatchBatch> Batches
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches];
            }
        }
    }

    /// <summary>The state a consumer has now: values as text, by key.</summary>
    public IReadOnlyDictionary<string, string> Values
    {
        get
        {
            lock (_gate)
            {
                return _consumer.State.Values.ToDictionary(static entry => entry.Key, static entry => entry.GetString(), StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Ends when the watch ends, with what ended it.</summary>
    public Task Completion => _run;

    /// <summary>Starts a watch without waiting for anything.</summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">The prefix.</param>
    /// <returns>The recorder.</returns>
    public static WatchRecorder Start(IConfigStore store, string prefix) => new(store, prefix);

    /// <summary>Starts a watch and waits for its first snapshot.</summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">The prefix.</param>
    /// <returns>The recorder.</returns>
    public static async Task<WatchRecorder> StartAsync(IConfigStore store, string prefix)
    {
        WatchRecorder recorder = Start(store, prefix);
        await recorder.UntilAsync(static batches => batches.Any(static batch => batch.Kind == WatchBatchKind.Snapshot));
        return recorder;
    }

    /// <summary>The newest version delivered of one key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The entry, or null.</returns>
    public ConfigEntry? Find(string key)
    {
        lock (_gate)
        {
            return _consumer.State.GetValueOrDefault(key);
        }
    }

    /// <summary>Waits until the batches are right.</summary>
    /// <param name="areRight">Judges.</param>
    /// <returns>When they are.</returns>
    public Task UntilAsync(Func<IReadOnlyList<WatchBatch>, bool> areRight) => WaitAsync(() => areRight(Batches));

    /// <summary>Waits until a key has this value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or null for a key that is gone.</param>
    /// <returns>When it has.</returns>
    public Task UntilAsync(string key, string? value) => WaitAsync(() => Find(key)?.GetString() == value);

    /// <summary>Waits until the state is exactly what the store lists, and checks that the watch broke no promise on the way.</summary>
    /// <param name="store">Who lists.</param>
    /// <param name="prefix">The prefix.</param>
    /// <returns>When it is.</returns>
    public async Task UntilConvergedAsync(IConfigStore store, string prefix)
    {
        ConfigSnapshot listing = await store.ListAsync(prefix);
        (string, string)[] expected = [.. listing.Entries.Select(static entry => (entry.Key, $"{entry.Revision} {entry.CreateRevision} {entry.SessionId}"))];
        await WaitAsync(() => State().SequenceEqual(expected));
        AssertSound();
    }

    /// <summary>Checks that the watch broke no promise so far.</summary>
    public void AssertSound()
    {
        lock (_gate)
        {
            Assert.Empty(_consumer.Faults);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(Eventually.Deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private (string, string)[] State()
    {
        lock (_gate)
        {
            return [.. _consumer.State.Values
                .OrderBy(static entry => entry.Key, Comparer<string>.Create(ConfigKey.Compare))
                .Select(static entry => (entry.Key, $"{entry.Revision} {entry.CreateRevision} {entry.SessionId}"))];
        }
    }

    private async Task WaitAsync(Func<bool> holds)
    {
        await Eventually.HoldsAsync(() => _run.IsCompleted || holds());
        if (!holds())
        {
            await _run;
            Assert.Fail("The watch ended before it got there.");
        }
    }

    private async Task RunAsync(IConfigStore store, string prefix)
    {
        await foreach (WatchBatch batch in store.WatchAsync(prefix, _stop.Token))
        {
            lock (_gate)
            {
                _batches.Add(batch);
                _consumer.Take(batch);
            }
        }
    }
}
