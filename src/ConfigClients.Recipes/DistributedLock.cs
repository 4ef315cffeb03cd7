using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>One holder at a time, first come, first served, on every store. Costs nothing until it is used; thread-safe.</summary>
/// <remarks>Not re-entrant: who asks twice waits for himself.</remarks>
public sealed class DistributedLock
{
    private readonly DistributedSemaphore _semaphore;

    internal DistributedLock(IConfigStore store, string name, ContenderOptions? options) => _semaphore = new DistributedSemaphore(store, name, 1, options);

    /// <summary>The name: a key of the store, below which the seats lie.</summary>
    public string Name => _semaphore.Name;

    /// <inheritdoc cref="DistributedSemaphore.AcquireAsync"/>
    public Task<LockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _semaphore.AcquireAsync(timeout, cancellationToken);

    /// <inheritdoc cref="DistributedSemaphore.TryAcquireAsync"/>
    public Task<LockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        _semaphore.TryAcquireAsync(timeout, cancellationToken);

    /// <inheritdoc cref="DistributedSemaphore.GetContendersAsync"/>
    public Task<IReadOnlyList<Contender>> GetContendersAsync(CancellationToken cancellationToken = default) =>
        _semaphore.GetContendersAsync(cancellationToken);
}
