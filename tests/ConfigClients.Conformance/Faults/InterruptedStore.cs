namespace ConfigClients.Conformance.Faults;

/// <summary>A store whose caller is held up once: between looking for a session and writing with it, as when its process is stopped there.</summary>
/// <param name="store">The store itself, real.</param>
/// <param name="interruption">What happens meanwhile to the session.</param>
public sealed class InterruptedStore(IConfigStore store, Func<IStoreSession, Task> interruption) : IConfigStore
{
    private int _interruptions;

    /// <inheritdoc/>
    public string Kind => store.Kind;

    /// <inheritdoc/>
    public StoreLimits Limits => store.Limits;

    /// <inheritdoc/>
    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => store.GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) => store.GetValueAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) => store.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default)
    {
        if (session is not null && Interlocked.Increment(ref _interruptions) == 1)
        {
            await interruption(session);
        }

        return await store.SetAsync(key, value, condition, session, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(key, condition, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default) => store.CommitAsync(transaction, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, CancellationToken cancellationToken = default) => store.WatchAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default) =>
        store.OpenSessionAsync(options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();
}
