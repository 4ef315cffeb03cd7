using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Consul;

/// <summary>A session of Consul: behaviour delete, no checks, no lock-delay. Renewed by a PUT at a third of the TTL.</summary>
/// <remarks>
/// Destroying a session deletes its keys in the same write, and as its lock-delay is zero, they can be taken at once.
/// A session that this side gave up is destroyed too, so that nobody waits for the store to notice.
/// </remarks>
internal sealed class ConsulSession : IStoreSession, IHeartbeat
{
    private readonly HeartbeatLoop _loop;
    private int _disposed;

    public ConsulSession(ConsulStore store, string id, TimeSpan ttl, long openedAt, TimeProvider time, ILogger logger)
    {
        Store = store;
        Id = id;
        GrantedTtl = ttl;
        _loop = new HeartbeatLoop(this, ConsulStore.StoreKind, id, ttl, openedAt, time, logger);
    }

    /// <summary>The store it belongs to.</summary>
    public ConsulStore Store { get; }

    public string Id { get; }

    /// <remarks>What was asked for: a server under load may lengthen a TTL, which is nothing to rely on.</remarks>
    public TimeSpan GrantedTtl { get; }

    public SessionState State => _loop.State;

    public TimeSpan ValidFor => _loop.ValidFor;

    public SessionEndReason EndReason => _loop.EndReason;

    public CancellationToken Lost => _loop.Lost;

    public ValueTask<bool> BeatAsync(CancellationToken cancellationToken) => Store.RenewAsync(Id, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _loop.DisposeAsync().ConfigureAwait(false);
        await Store.DestroyAsync(this).ConfigureAwait(false);
    }
}
