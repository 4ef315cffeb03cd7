namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A store that does nothing but note who called.</summary>
internal sealed class RecordingStore(string kind = "recording") : IConfigStore
{
    public List<string> Calls { get; } = [];

    /// <summary>What every call fails with, if anything.</summary>
    public Exception? Fault { get; set; }

    public string Kind => kind;

    public StoreLimits Limits { get; } = new();

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => Note<ConfigEntry?>("get", null);

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) => Note<ReadOnlyMemory<byte>?>("value", null);

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) => Note("list", new ConfigSnapshot(prefix, [], 0));

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default) =>
        Note("set", WriteResult.Done());

    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default) => Note("delete", WriteResult.Refused(key));

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default) => Note("commit", WriteResult.Done());

    public IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, CancellationToken cancellationToken = default)
    {
        Calls.Add("watch");
        return AsyncEnumerable.Empty<WatchBatch>();
    }

    public ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default) =>
        Note<IStoreSession>("session", new Conformance.ForeignSession());

    public ValueTask DisposeAsync()
    {
        Calls.Add("dispose");
        return ValueTask.CompletedTask;
    }

    private ValueTask<T> Note<T>(string call, T answer)
    {
        Calls.Add(call);
        return Fault is null ? ValueTask.FromResult(answer) : ValueTask.FromException<T>(Fault);
    }
}
