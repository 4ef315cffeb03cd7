namespace ConfigClients;

/// <summary>One key-value store for configuration and coordination. The same calls mean the same on every store.</summary>
/// <remarks>
/// <para>Five verbs: read, write, commit, watch, session. All members are safe to use from several threads.</para>
/// <para>
/// Every member checks its arguments before any I/O and throws <see cref="ArgumentException"/> naming parameter, position and rule.
/// After <see cref="IAsyncDisposable.DisposeAsync"/> every member throws <see cref="ObjectDisposedException"/>, calls under way included.
/// Every call ends within the store's <c>RequestTimeout</c> (default 5 s), except a watch, which ends only by its token.
/// </para>
/// </remarks>
public interface IConfigStore : IAsyncDisposable
{
    /// <summary>What kind of store this is: <c>embedded</c>, <c>consul</c>, <c>etcd</c>, <c>zookeeper</c>.</summary>
    string Kind { get; }

    /// <summary>What this store can do.</summary>
    StoreLimits Limits { get; }

    /// <summary>Reads one key.</summary>
    /// <param name="key">Slash-separated, without a leading slash: <c>shop/db/host</c>. 1 to 1024 bytes of UTF-8.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The entry, or null if the key does not exist. Sees every write this store object has been told of, and all before it.</returns>
    /// <exception cref="ArgumentException">The key is malformed; nothing was sent.</exception>
    /// <exception cref="StoreException"><see cref="StoreError.Unavailable"/> after the request time-out, retries included; <see cref="StoreError.Denied"/>.</exception>
    ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads one value alone: cheaper than <see cref="GetAsync"/> where a store can send it bare.</summary>
    /// <param name="key">As for <see cref="GetAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The bytes, or null if the key does not exist.</returns>
    /// <exception cref="ArgumentException">The key is malformed; nothing was sent.</exception>
    /// <exception cref="StoreException">As for <see cref="GetAsync"/>.</exception>
    ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads everything below a prefix: <c>app</c> lists <c>app/…</c>, neither <c>app</c> itself nor <c>application…</c>.</summary>
    /// <param name="prefix">A key without trailing slash, or empty for the whole store.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The entries, sorted by the bytes of their keys; empty if there are none. One point in time if <see cref="StoreLimits.ListIsPointInTime"/>.</returns>
    /// <exception cref="ArgumentException">The prefix is malformed; nothing was sent.</exception>
    /// <exception cref="StoreException">As for <see cref="GetAsync"/>.</exception>
    ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Writes one key.</summary>
    /// <param name="key">As for <see cref="GetAsync"/>.</param>
    /// <param name="value">The bytes to store, 0 to 524,288 (512 KiB). Must not change until the call has ended.</param>
    /// <param name="condition">What must hold for the write to be applied. Default: nothing.</param>
    /// <param name="session">
    /// Binds the key's lifetime to a session: the key is created, or written if it lives with this session already; a key that exists otherwise
    /// refuses. Default: none; a key that lives with a session stays bound to it. A session-bound key must have no children, and it is
    /// the caller's duty that it has none: bind no key that has keys below it, and write none below a bound one. Embedded refuses both with
    /// <see cref="StoreError.InvalidRequest"/>, and so does ZooKeeper. Consul and etcd do not notice, and the children stay when the session ends.
    /// </param>
    /// <param name="cancellationToken">Stops waiting; a cancelled write may still have been applied.</param>
    /// <returns>Whether the write was applied. A condition that does not hold is an answer, not an exception.</returns>
    /// <exception cref="ArgumentException">The key is malformed, the value too large, or the session is another store's; nothing was sent.</exception>
    /// <exception cref="StoreException">
    /// <see cref="StoreError.Unavailable"/> after the request time-out, with <see cref="StoreException.MayHaveApplied"/> set if the request had
    /// been sent; <see cref="StoreError.SessionEnded"/> if <paramref name="session"/> is no longer alive, and <see cref="StoreError.InvalidRequest"/>
    /// where the store notices that a session-bound key would have children: then nothing was written.
    /// </exception>
    ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes one key; keys below it stay.</summary>
    /// <param name="key">As for <see cref="GetAsync"/>.</param>
    /// <param name="condition">What must hold for the delete to be applied. Default: nothing.</param>
    /// <param name="cancellationToken">Stops waiting; a cancelled delete may still have been applied.</param>
    /// <returns>Whether a key was deleted. A missing key is not applied, whatever the condition.</returns>
    /// <exception cref="ArgumentException">The key is malformed; nothing was sent.</exception>
    /// <exception cref="StoreException">As for <see cref="SetAsync"/>.</exception>
    ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default);

    /// <summary>Carries out conditions and writes together or not at all.</summary>
    /// <param name="transaction">1 to 60 operations, 350 KiB in all.</param>
    /// <param name="cancellationToken">Stops waiting; a cancelled commit may still have been applied, whole.</param>
    /// <returns>Whether it was applied, and if not, the first key whose condition did not hold.</returns>
    /// <exception cref="ArgumentException">The transaction is empty or too large; nothing was sent.</exception>
    /// <exception cref="StoreException">As for <see cref="SetAsync"/>.</exception>
    ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default);

    /// <summary>Watches everything below a prefix: a snapshot first, then changes, and a snapshot again after any gap.</summary>
    /// <remarks>
    /// Intermediate values may be skipped, the final one never is. The watch outlives every outage, which it announces
    /// by one <see cref="WatchBatchKind.Stale"/> batch; a slow consumer gets the newest state, not a backlog.
    /// </remarks>
    /// <param name="prefix">As for <see cref="ListAsync"/>.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The batches. The enumeration ends only by cancellation, disposal or an exception.</returns>
    /// <exception cref="ArgumentException">The prefix is malformed.</exception>
    /// <exception cref="StoreException">While enumerating: not transient, such as <see cref="StoreError.Denied"/>. Transient errors are retried for ever.</exception>
    IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Opens a session and keeps it up by heartbeats until it is disposed or lost.</summary>
    /// <param name="options">What to ask for. Default: a TTL of 15 s.</param>
    /// <param name="cancellationToken">Stops waiting; a session that was opened all the same ends by its TTL.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The TTL is outside 10 s to 40 s; nothing was sent.</exception>
    /// <exception cref="StoreException">As for <see cref="GetAsync"/>.</exception>
    ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default);
}
