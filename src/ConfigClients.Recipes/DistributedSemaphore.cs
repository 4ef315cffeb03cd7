using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>Up to a number of holders at a time, first come, first served, on every store. Costs nothing until it is used; thread-safe.</summary>
/// <remarks>All contenders must use the same capacity: each decides by its own.</remarks>
public sealed class DistributedSemaphore
{
    private readonly ContenderQueue _queue;
    private readonly Turn _turn;

    internal DistributedSemaphore(IConfigStore store, string name, int capacity, ContenderOptions? options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _queue = new ContenderQueue(store, name, options);
        _turn = capacity == 1 ? Turn.First : new Turn(ahead => ahead.Count < capacity, null);
        Capacity = capacity;
    }

    /// <summary>The name: a key of the store, below which the seats lie.</summary>
    public string Name => _queue.Name;

    /// <summary>The most holders at a time. 1 or more.</summary>
    public int Capacity { get; }

    /// <summary>Waits until it is held.</summary>
    /// <param name="timeout">How long to wait in the queue. Zero or more; default: for ever.</param>
    /// <param name="cancellationToken">Stops waiting; leaves no seat behind.</param>
    /// <returns>What is held; dispose it to let go.</returns>
    /// <exception cref="TimeoutException">It was not this contender's turn in time; no seat is left behind.</exception>
    /// <exception cref="StoreException">The store could not be reached, or refused. If it cannot be reached while this contender waits, it goes on waiting, in a new place if its session was lost.</exception>
    public async Task<LockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await EnterAsync(timeout, cancellationToken).ConfigureAwait(false)
        ?? throw new TimeoutException($"\"{Name}\" was not to be had within {timeout!.Value.TotalSeconds} s.");

    /// <summary>Waits for a time, or only looks.</summary>
    /// <param name="timeout">How long to wait in the queue. Default: zero, which looks once.</param>
    /// <param name="cancellationToken">Stops waiting; leaves no seat behind.</param>
    /// <returns>What is held, or null if it was not to be had in time; then no seat is left behind.</returns>
    /// <exception cref="StoreException">As for <see cref="AcquireAsync"/>.</exception>
    public Task<LockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        EnterAsync(timeout == Timeout.InfiniteTimeSpan ? null : timeout, cancellationToken);

    /// <summary>Who holds and who waits, in their order: one <see cref="IConfigStore.ListAsync"/>.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The contenders. By the time you read it, it is history.</returns>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.ListAsync"/>.</exception>
    public async Task<IReadOnlyList<Contender>> GetContendersAsync(CancellationToken cancellationToken = default)
    {
        QueueState state = await _queue.ReadAsync(cancellationToken).ConfigureAwait(false);
        return [.. state.Seats.Select((seat, place) => Contender.From(seat, place < Capacity))];
    }

    private Task<LockHandle?> EnterAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (timeout is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
        }

        return _queue.EnterAsync("", null, _turn, timeout, cancellationToken);
    }
}
