namespace ConfigClients.Recipes;

/// <summary>The lead of an election, while it lasts. Dispose it to resign. Thread-safe.</summary>
public sealed class Leadership : IAsyncDisposable
{
    private readonly IConfigStore _store;

    internal Leadership(IConfigStore store, LockHandle hold)
    {
        _store = store;
        Hold = hold;
    }

    /// <summary>The term: rises from leader to leader on every store. The fencing token of what the leader does.</summary>
    public long Term => Hold.FencingToken;

    /// <summary>What is held; for guarded writes and for its clock.</summary>
    public LockHandle Hold { get; }

    /// <summary>Whether this process leads. A clock read: no I/O.</summary>
    public bool IsLeader => Hold.IsHeld;

    /// <summary>Cancelled once the lead is lost, before anybody else can have it. Not when it is resigned.</summary>
    public CancellationToken Lost => Hold.Lost;

    /// <summary>Changes what the leader says about itself; observers are told.</summary>
    /// <param name="payload">The bytes, up to 350 KiB.</param>
    /// <param name="cancellationToken">Stops waiting; the write may still have been applied.</param>
    /// <returns>Whether it was applied. False: the lead is over.</returns>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.SetAsync"/>.</exception>
    public async ValueTask<bool> SetPayloadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) =>
        (await _store.SetAsync(Hold.SeatKey, payload, Condition.HeldBy(Hold.Session), Hold.Session, cancellationToken).ConfigureAwait(false)).Applied;

    /// <summary>Resigns: one round trip. The next candidate leads.</summary>
    /// <returns>When the store has confirmed, or cannot be reached.</returns>
    public ValueTask DisposeAsync() => Hold.DisposeAsync();
}
