using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd;

/// <summary>A lease of etcd. Kept by the stream that all sessions of a store share.</summary>
/// <remarks>
/// Revoking a lease deletes its keys in the same write. A session that this side gave up is revoked too, so that nobody waits for the store to notice.
/// </remarks>
internal sealed class EtcdSession : IStoreSession, IHeartbeat
{
    private readonly HeartbeatLoop _loop;
    private int _disposed;

    public EtcdSession(EtcdStore store, string id, TimeSpan ttl, long openedAt, TimeProvider time, ILogger logger)
    {
        Store = store;
        Id = id;
        GrantedTtl = ttl;
        _loop = new HeartbeatLoop(this, EtcdStore.StoreKind, id, ttl, openedAt, time, logger);
    }

    /// <summary>The store it belongs to.</summary>
    public EtcdStore Store { get; }

    public string Id { get; }

    public TimeSpan GrantedTtl { get; }

    public SessionState State => _loop.State;

    public TimeSpan ValidFor => _loop.ValidFor;

    public SessionEndReason EndReason => _loop.EndReason;

    public CancellationToken Lost => _loop.Lost;

    public async ValueTask<bool> BeatAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = await Store.RenewAsync(Id, cancellationToken).ConfigureAwait(false);

        // The deadline counts with what was granted: an answer that proves less proves nothing.
        return left == TimeSpan.Zero || left >= GrantedTtl
            ? left > TimeSpan.Zero
            : throw new StoreException(StoreError.ProtocolViolation, $"Session {Id} was renewed for {left.TotalSeconds} s, less than was granted.");
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _loop.DisposeAsync().ConfigureAwait(false);
        await Store.RevokeAsync(this).ConfigureAwait(false);
    }
}
