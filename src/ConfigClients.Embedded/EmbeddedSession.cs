using ConfigClients.Adapters;
using ConfigClients.Embedded.Wire;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Embedded;

/// <summary>A session: one row with a deadline, put off by heartbeats.</summary>
internal sealed class EmbeddedSession : IStoreSession, IHeartbeat
{
    private readonly EmbeddedDatabase _database;
    private readonly Action<EmbeddedSession> _onClosed;
    private readonly ILogger _logger;
    private readonly HeartbeatLoop _loop;
    private readonly Lazy<Task> _close;

    /// <summary>Starts the heartbeats of a session that was just opened.</summary>
    public EmbeddedSession(
        EmbeddedStore store, EmbeddedDatabase database, string id, TimeSpan ttl, long openedAt, TimeProvider time, ILogger logger, Action<EmbeddedSession> onClosed)
    {
        Store = store;
        _database = database;
        _onClosed = onClosed;
        _logger = logger;
        Id = id;
        GrantedTtl = ttl;
        database.Pulse.Attach(isWatch: false);
        _loop = new HeartbeatLoop(this, EmbeddedStore.KindName, id, ttl, openedAt, time, logger);
        _close = new Lazy<Task>(CloseAsync);
    }

    /// <summary>The store object it was opened by.</summary>
    public EmbeddedStore Store { get; }

    public string Id { get; }

    public TimeSpan GrantedTtl { get; }

    public SessionState State => _loop.State;

    public TimeSpan ValidFor => _loop.ValidFor;

    public SessionEndReason EndReason => _loop.EndReason;

    public CancellationToken Lost => _loop.Lost;

    public ValueTask<bool> BeatAsync(CancellationToken cancellationToken) =>
        _database.WriteAsync(static (writer, id) => writer.ExtendSession(id), Id, cancellationToken);

    /// <summary>The store said that it is gone.</summary>
    public void EndedByStore() => _loop.End(SessionEndReason.EndedByStore);

    public ValueTask DisposeAsync() => new(_close.Value);

    private async Task CloseAsync()
    {
        await _loop.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _database.WriteAsync(static (writer, id) => writer.EndSession(id), Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            Log.SessionNotEnded(_logger, Id, e.Error);
        }
        catch (ObjectDisposedException)
        {
            // The store went first; it had this session's end on its list.
        }

        _database.Pulse.Detach(isWatch: false);
        _onClosed(this);
    }
}
