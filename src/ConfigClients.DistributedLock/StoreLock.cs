using ConfigClients.Recipes;
using Medallion.Threading;

namespace ConfigClients.DistributedLocks;

/// <summary>A lock of <c>Medallion.Threading</c> on a store. Not re-entrant, first come, first served. Thread-safe.</summary>
internal sealed class StoreLock(DistributedLock mutex) : IDistributedLock
{
    public string Name => mutex.Name;

    public IDistributedSynchronizationHandle Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => AcquireAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await Waiting.GetAsync(Name, mutex.TryAcquireAsync, timeout, cancellationToken).ConfigureAwait(false);

    public IDistributedSynchronizationHandle? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => TryAcquireAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        await Waiting.TryAsync(mutex.TryAcquireAsync, timeout, cancellationToken).ConfigureAwait(false);
}
