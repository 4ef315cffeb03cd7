using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>What a store can do for a queue of seats in fewer round trips than by the verbs of the contract, with the same meaning. Optional: recipes prefer it, and do without.</summary>
[Experimental("CONFIGCLIENTS001")]
public interface ISeatStore : IConfigStore
{
    /// <summary>Up to how many seats ahead it is cheaper here to watch the queue as a whole than to wait for one of them. 0 or more; 0: never.</summary>
    int WatchedSeats { get; }

    /// <summary>Creates a session-bound key if it is absent, as <see cref="IConfigStore.SetAsync"/> does, and says what stood around it at that moment.</summary>
    /// <param name="queue">The prefix that the key lies below.</param>
    /// <param name="key">The key. Its name must be one that nobody else ever uses.</param>
    /// <param name="value">The bytes to store, 0 to 524,288 (512 KiB). Must not change until the call has ended.</param>
    /// <param name="session">The session that the key shall live with.</param>
    /// <param name="cancellationToken">Stops waiting; the key may still have been created.</param>
    /// <returns>The result, and the seats if the store told them on the way.</returns>
    /// <exception cref="ArgumentException">As for <see cref="IConfigStore.SetAsync"/>.</exception>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.SetAsync"/>, <see cref="StoreException.MayHaveApplied"/> included.</exception>
    ValueTask<SeatTaken> SitDownAsync(string queue, string key, ReadOnlyMemory<byte> value, IStoreSession session, CancellationToken cancellationToken = default);

    /// <summary>Deletes a seat. That it is this session's is not checked: its name must be one that nobody else ever uses.</summary>
    /// <param name="key">The key. If it is missing already, nothing happens.</param>
    /// <param name="session">The session that it lives with.</param>
    /// <param name="cancellationToken">Stops waiting; the key may still have been deleted.</param>
    /// <returns>When it is gone.</returns>
    /// <exception cref="ArgumentException">As for <see cref="IConfigStore.DeleteAsync"/>.</exception>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.DeleteAsync"/>, <see cref="StoreException.MayHaveApplied"/> included.</exception>
    ValueTask StandUpAsync(string key, IStoreSession session, CancellationToken cancellationToken = default);

    /// <summary>Reads which keys lie below a prefix, and nothing about them; as up to date as <see cref="IConfigStore.ListAsync"/>, which is what it does by default.</summary>
    /// <param name="queue">The prefix.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The keys, in no order. Those that lie deeper than a seat may be missing.</returns>
    /// <exception cref="ArgumentException">The prefix is malformed.</exception>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.ListAsync"/>.</exception>
    async ValueTask<IReadOnlyList<string>> ListKeysAsync(string queue, CancellationToken cancellationToken = default)
    {
        ConfigSnapshot seats = await ListAsync(queue, cancellationToken).ConfigureAwait(false);
        return [.. seats.Entries.Select(static seat => seat.Key)];
    }

    /// <summary>Waits until a key is gone, at a cost that does not grow with what lies around it. An outage does not end the wait.</summary>
    /// <param name="key">The key. Must have no keys below it.</param>
    /// <param name="createRevision">Its create revision. A key that was created anew under its name means that it is gone.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When it is gone.</returns>
    /// <exception cref="ArgumentException">The key is malformed.</exception>
    /// <exception cref="StoreException">Not transient, such as <see cref="StoreError.Denied"/>. Transient errors are retried for ever.</exception>
    ValueTask WaitUntilGoneAsync(string key, long createRevision, CancellationToken cancellationToken = default);
}
