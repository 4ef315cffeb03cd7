using ConfigClients.Recipes;
using Medallion.Threading;

namespace ConfigClients.DistributedLocks;

/// <summary>Locks, reader-writer locks and semaphores of <c>Medallion.Threading</c> on any store. Costs nothing until something is acquired; thread-safe.</summary>
/// <remarks>
/// <para>
/// Any name will do. One that can be a segment of a key is that segment, so the lock <c>nightly</c> is <c>store.CreateLock("locks/nightly")</c>; of any other, such as one
/// with a slash, the readable part is kept and a SHA-256 of the whole added. Names are case-sensitive. Reader-writer locks lie below <c>rwlocks/</c> and semaphores below
/// <c>semaphores/</c>, so a name may be used once for each.
/// </para>
/// <para>
/// What is held is a <see cref="StoreLockHandle"/>. A reader cannot become a writer: <see cref="IDistributedUpgradeableReaderWriterLockProvider"/> is not implemented.
/// Nothing is re-entrant: who asks twice waits for himself, and no <see cref="DeadlockException"/> tells him.
/// </para>
/// </remarks>
public sealed class ConfigStoreLockProvider : IDistributedLockProvider, IDistributedReaderWriterLockProvider, IDistributedSemaphoreProvider
{
    private readonly IConfigStore _store;
    private readonly string _prefix;
    private readonly ContenderOptions _contender;

    /// <summary>Makes a provider over a store, which stays the caller's.</summary>
    /// <param name="store">The store.</param>
    /// <param name="options">Prefix and session. Default: the root of the store, the shared session.</param>
    /// <exception cref="ArgumentException">The prefix is no key.</exception>
    public ConfigStoreLockProvider(IConfigStore store, ConfigStoreLockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        options ??= new ConfigStoreLockOptions();
        ConfigKey.CheckPrefix(options.Prefix, nameof(options));
        _store = store;
        _prefix = options.Prefix;
        _contender = options.Contender;
    }

    /// <summary>A lock: one holder at a time, first come, first served.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The lock; not held yet. Its <see cref="IDistributedLock.Name"/> is its key in the store.</returns>
    public IDistributedLock CreateLock(string name) => new StoreLock(_store.CreateLock(LockNames.Key(_prefix, "locks", name), _contender));

    /// <summary>A reader-writer lock: many readers or one writer, first come, first served.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The lock; not held yet.</returns>
    public IDistributedReaderWriterLock CreateReaderWriterLock(string name) =>
        new StoreReaderWriterLock(_store.CreateReadWriteLock(LockNames.Key(_prefix, "rwlocks", name), _contender));

    /// <summary>A semaphore: up to a number of holders at a time, first come, first served.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="maxCount">The most holders at a time, the same for all. 1 or more.</param>
    /// <returns>The semaphore; not held yet.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public IDistributedSemaphore CreateSemaphore(string name, int maxCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return new StoreSemaphore(_store.CreateSemaphore(LockNames.Key(_prefix, "semaphores", name), maxCount, _contender));
    }
}
