using System.Collections.Concurrent;
using ConfigClients.Adapters;
using ConfigClients.Embedded.Wire;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Embedded;

/// <summary>The store on this machine. Arguments arrive checked.</summary>
/// <param name="database">Where the data is.</param>
/// <param name="ownsDatabase">Whether the database ends with this store.</param>
/// <param name="time">The client's clock.</param>
/// <param name="logger">For sessions and watches.</param>
internal sealed class EmbeddedStore(EmbeddedDatabase database, bool ownsDatabase, TimeProvider time, ILogger logger) : IConfigStore
{
    public const string KindName = "embedded";

    private readonly ConcurrentDictionary<EmbeddedSession, bool> _sessions = new();
    private readonly CancellationTokenSource _closing = new();

    public string Kind => KindName;

    public StoreLimits Limits { get; } = new();

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        Read(static (reader, key) => reader.Get(key), key);

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) =>
        Read(static (reader, key) => reader.GetValue(key), key);

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        Read(static (reader, prefix) => reader.List(prefix), prefix);

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default)
    {
        CheckOwn(condition.Session, nameof(condition));
        EmbeddedSession? own = CheckOwn(session, nameof(session));
        return WriteAsync(
            static (writer, s) => writer.Set(s.key, s.value.Span, s.condition, s.own), (key, value, condition, own), cancellationToken);
    }

    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default)
    {
        CheckOwn(condition.Session, nameof(condition));
        return WriteAsync(static (writer, s) => writer.Delete(s.key, s.condition), (key, condition), cancellationToken);
    }

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default)
    {
        foreach (TransactionCondition requirement in transaction.Conditions)
        {
            CheckOwn(requirement.Condition.Session, nameof(transaction));
        }

        foreach (TransactionWrite write in transaction.Writes)
        {
            CheckOwn(write.Session, nameof(transaction));
        }

        return WriteAsync(static (writer, transaction) => writer.Commit(transaction), transaction, cancellationToken);
    }

    public IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, CancellationToken cancellationToken = default) =>
        new WatchLoop(new EmbeddedWatch(database, prefix, time, _closing.Token), KindName, prefix, time, logger).RunAsync(cancellationToken);

    public async ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StoreSessionOptions();
        string id = Guid.NewGuid().ToString("N");
        long openedAt = time.GetTimestamp();
        await WriteAsync(static (writer, s) => writer.OpenSession(s.id, s.options.Name, s.options.Ttl), (id, options), cancellationToken).ConfigureAwait(false);
        EmbeddedSession session = new(this, database, id, options.Ttl, openedAt, time, logger, ended => _sessions.TryRemove(ended, out _));
        _sessions.TryAdd(session, true);
        if (_closing.IsCancellationRequested)
        {
            // Disposal may have missed it.
            await session.DisposeAsync().ConfigureAwait(false);
            ThrowIfClosed();
        }

        return session;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_sessions.Keys.Select(session => session.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (ownsDatabase)
        {
            await database.DisposeAsync().ConfigureAwait(false);
        }
    }

    private ValueTask<T> Read<T>(Func<EmbeddedReader, string, T> act, string key)
    {
        ThrowIfClosed();
        try
        {
            return new ValueTask<T>(database.Read(act, key));
        }
        catch (StoreException e)
        {
            return ValueTask.FromException<T>(e);
        }
    }

    private ValueTask<T> WriteAsync<TState, T>(Func<EmbeddedWriter, TState, T> act, TState state, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        try
        {
            return database.WriteAsync(act, state, cancellationToken);
        }
        catch (StoreException e)
        {
            return ValueTask.FromException<T>(e);
        }
    }

    private EmbeddedSession? CheckOwn(IStoreSession? session, string parameter) => session switch
    {
        null => null,
        EmbeddedSession own when ReferenceEquals(own.Store, this) => own,
        _ => throw new ArgumentException("The session was opened by another store; nothing was written.", parameter),
    };

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(IConfigStore));
}
