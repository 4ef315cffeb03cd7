using ConfigClients.Recipes;
using Medallion.Threading;

namespace ConfigClients.DistributedLocks;

/// <summary>Something that is held, for those who know <c>Medallion.Threading</c>. Dispose it to let go; once is enough. Thread-safe.</summary>
public sealed class StoreLockHandle : IDistributedSynchronizationHandle
{
    private int _disposed;

    internal StoreLockHandle(LockHandle hold) => Hold = hold;

    /// <summary>What is held, as the recipes know it: with its fencing token, its clock, and writes that the store refuses once it is lost.</summary>
    public LockHandle Hold { get; }

    /// <summary>Cancelled once it is lost, by this process's own clock, before anybody else can have it. Costs nothing; not cancelled by letting go.</summary>
    /// <exception cref="ObjectDisposedException">It was let go.</exception>
    public CancellationToken HandleLostToken
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return Hold.Lost;
        }
    }

    /// <summary>Lets go, and waits for it: one round trip. Blocks a thread; prefer <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => SynchronousCalls.Block(DisposeAsync);

    /// <inheritdoc cref="LockHandle.DisposeAsync"/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? Hold.DisposeAsync() : ValueTask.CompletedTask;
}
