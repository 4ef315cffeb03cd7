using ConfigClients.Recipes;
using Medallion.Threading;

namespace ConfigClients.DistributedLocks;

/// <summary>A reader-writer lock of <c>Medallion.Threading</c> on a store. A waiting writer is not overtaken by readers. Thread-safe.</summary>
internal sealed class StoreReaderWriterLock(DistributedReadWriteLock mutex) : IDistributedReaderWriterLock
{
    public string Name => mutex.Name;

    public IDistributedSynchronizationHandle AcquireReadLock(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => AcquireReadLockAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle> AcquireReadLockAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await Waiting.GetAsync(Name, mutex.TryAcquireReadAsync, timeout, cancellationToken).ConfigureAwait(false);

    public IDistributedSynchronizationHandle? TryAcquireReadLock(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => TryAcquireReadLockAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle?> TryAcquireReadLockAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        await Waiting.TryAsync(mutex.TryAcquireReadAsync, timeout, cancellationToken).ConfigureAwait(false);

    public IDistributedSynchronizationHandle AcquireWriteLock(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => AcquireWriteLockAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle> AcquireWriteLockAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await Waiting.GetAsync(Name, mutex.TryAcquireWriteAsync, timeout, cancellationToken).ConfigureAwait(false);

    public IDistributedSynchronizationHandle? TryAcquireWriteLock(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        SynchronousCalls.Block(() => TryAcquireWriteLockAsync(timeout, cancellationToken));

    public async ValueTask<IDistributedSynchronizationHandle?> TryAcquireWriteLockAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        await Waiting.TryAsync(mutex.TryAcquireWriteAsync, timeout, cancellationToken).ConfigureAwait(false);
}
