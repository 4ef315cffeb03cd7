using ConfigClients.Recipes;

namespace ConfigClients;

/// <summary>Coordination over any store. What is made here costs nothing until it is used.</summary>
/// <remarks>Names are keys of the store. Use one name for one thing: the keys below it are its own.</remarks>
public static class ConfigStoreRecipes
{
    /// <summary>A lock: one holder at a time, first come, first served.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">Its name, such as <c>locks/nightly</c>.</param>
    /// <param name="options">How to take part. Default: a session shared with everything else on this store object.</param>
    /// <returns>The lock; not held yet.</returns>
    /// <exception cref="ArgumentException">The name is no key.</exception>
    public static DistributedLock CreateLock(this IConfigStore store, string name, ContenderOptions? options = null) => new(store, name, options);

    /// <summary>A semaphore: up to a number of holders at a time, first come, first served.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">Its name.</param>
    /// <param name="capacity">The most holders at a time, the same for all contenders. 1 or more.</param>
    /// <param name="options">How to take part.</param>
    /// <returns>The semaphore; not held yet.</returns>
    /// <exception cref="ArgumentException">The name is no key, or the capacity is less than 1.</exception>
    public static DistributedSemaphore CreateSemaphore(this IConfigStore store, string name, int capacity, ContenderOptions? options = null) =>
        new(store, name, capacity, options);

    /// <summary>A read-write lock: many readers or one writer, first come, first served.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">How to take part.</param>
    /// <returns>The lock; not held yet.</returns>
    /// <exception cref="ArgumentException">The name is no key.</exception>
    public static DistributedReadWriteLock CreateReadWriteLock(this IConfigStore store, string name, ContenderOptions? options = null) => new(store, name, options);

    /// <summary>An election: one leader at a time, its term, and everybody can see who it is.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">How to take part.</param>
    /// <returns>The election; nobody campaigns yet.</returns>
    /// <exception cref="ArgumentException">The name is no key.</exception>
    public static LeaderElection CreateElection(this IConfigStore store, string name, ContenderOptions? options = null) => new(store, name, options);

    /// <summary>A group: who is in it right now, kept up by heartbeats.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">How to take part.</param>
    /// <returns>The group; not joined yet.</returns>
    /// <exception cref="ArgumentException">The name is no key.</exception>
    public static Membership CreateMembership(this IConfigStore store, string name, ContenderOptions? options = null) => new(store, name, options);

    /// <summary>Partitions of work, spread over the members of a group, that move when members come and go.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">How many, and what to do when one comes or goes.</param>
    /// <returns>The partitions; this member takes none until <see cref="Partitions.StartAsync"/>.</returns>
    /// <exception cref="ArgumentException">The name is no key, or the options are out of range.</exception>
    public static Partitions CreatePartitions(this IConfigStore store, string name, PartitionsOptions options) => new(store, name, options);
}
