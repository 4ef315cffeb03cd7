using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;

namespace ConfigClients.ZooKeeper;

/// <summary>A session of ZooKeeper, with a connection of its own: keys bound to it are written over that connection and go when it closes.</summary>
internal sealed class ZooKeeperSession : IStoreSession, IHeartbeat
{
    private readonly HeartbeatLoop _loop;
    private readonly CancellationTokenRegistration _lost;
    private readonly CancellationTokenRegistration _over;
    private int _disposed;

    public ZooKeeperSession(ZooKeeperStore store, ZooKeeperClient client, ZooKeeperClientSession wire, long openedAt, TimeProvider time, ILogger logger)
    {
        Store = store;
        Client = client;
        Wire = wire;
        Id = wire.ToString();
        GrantedTtl = wire.Timeout;
        _loop = new HeartbeatLoop(this, ZooKeeperStore.StoreKind, Id, GrantedTtl, openedAt, time, logger);
        _lost = wire.Lost.UnsafeRegister(static session => ((ZooKeeperSession)session!).OnLost(), this);
        _over = _loop.Lost.UnsafeRegister(static session => ((ZooKeeperSession)session!).OnOver(), this);
    }

    /// <summary>The store it belongs to.</summary>
    public ZooKeeperStore Store { get; }

    /// <summary>Its connection.</summary>
    public ZooKeeperClient Client { get; }

    /// <summary>The session of the connection. If the connection begins another one, that is none of this session's.</summary>
    public ZooKeeperClientSession Wire { get; }

    public string Id { get; }

    public TimeSpan GrantedTtl { get; }

    public SessionState State => _loop.State;

    public TimeSpan ValidFor => _loop.ValidFor;

    public SessionEndReason EndReason => _loop.EndReason;

    public CancellationToken Lost => _loop.Lost;

    public async ValueTask<bool> BeatAsync(CancellationToken cancellationToken)
    {
        if (Wire.State == SessionState.Lost)
        {
            return false;
        }

        try
        {
            await Client.ExistsAsync("/", cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoAuth)
        {
            // An answer all the same: the session stands, whatever it may look at.
        }

        return ReferenceEquals(Client.Session, Wire);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _lost.DisposeAsync().ConfigureAwait(false);
        await _over.DisposeAsync().ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);

        // Its keys go with it in one step.
        await Client.DisposeAsync().ConfigureAwait(false);
        Store.Forget(this);
    }

    /// <summary>Given up here: so that its keys go, although requests of other kinds may just have kept it up at the ensemble.</summary>
    private void OnOver()
    {
        if (_loop.EndReason == SessionEndReason.DeadlinePassed)
        {
            Wire.End(SessionEndReason.DeadlinePassed);
        }
    }

    private void OnLost() => _loop.End(Wire.EndReason == SessionEndReason.DeadlinePassed ? SessionEndReason.DeadlinePassed : SessionEndReason.EndedByStore);
}
