using ConfigClients.Recipes;
using Medallion.Threading;

namespace ConfigClients.DistributedLocks;

/// <summary>A semaphore of <c>Medallion.Threading</c> on a store. Thread-safe.</summary>
internal sealed class StoreSemaphore(DistributedSemaphore semaphore) : IDistributedSemaphore
{
    public string Name => semaphore.Name;

    public int MaxCount => semaphore.Capacity;

    public IDistributedSynchronizationHandle Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => AcquireAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await Waiting.GetAsync(Name, semaphore.TryAcquireAsync, timeout, cancellationToken).ConfigureAwait(false);

    public IDistributedSynchronizationHandle? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => TryAcquireAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        await Waiting.TryAsync(semaphore.TryAcquireAsync, timeout, cancellationToken).ConfigureAwait(false);
}
