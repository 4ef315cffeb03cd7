namespace ConfigClients.Tests;

/// <summary>A store whose sessions are never kept up: each runs out after its TTL, by the clock of the test. Everything else is the store's behind it.</summary>
public sealed class FadingStore(IConfigStore inner, TimeProvider time) : IConfigStore
{
    public string Kind => inner.Kind;

    public StoreLimits Limits => inner.Limits;

    public async ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default) =>
        new FadingSession(await inner.OpenSessionAsync(options, cancellationToken), time);

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default) =>
        inner.SetAsync(key, value, Inner(condition), (session as FadingSession)?.Inner, cancellationToken);

    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(key, Inner(condition), cancellationToken);

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) => inner.GetValueAsync(key, cancellationToken);

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default) => inner.CommitAsync(transaction, cancellationToken);

    public IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, CancellationToken cancellationToken = default) => inner.WatchAsync(prefix, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static Condition Inner(Condition condition) =>
        condition is { Kind: ConditionKind.HeldBy, Session: FadingSession session } ? Condition.HeldBy(session.Inner) : condition;
}
