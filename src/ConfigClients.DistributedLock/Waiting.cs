using ConfigClients.Recipes;

namespace ConfigClients.DistributedLocks;

/// <summary>What <c>Medallion.Threading</c> means by a timeout, said in the recipes' words.</summary>
internal static class Waiting
{
    /// <summary>Waits for a time, or for ever; null when the time is up.</summary>
    public static async ValueTask<StoreLockHandle?> TryAsync(
        Func<TimeSpan, CancellationToken, Task<LockHandle?>> acquire, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Check(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return await acquire(timeout, cancellationToken).ConfigureAwait(false) is { } hold ? new StoreLockHandle(hold) : null;
    }

    /// <summary>Waits for a time, or for ever by default; throws when the time is up.</summary>
    public static async ValueTask<StoreLockHandle> GetAsync(
        string name, Func<TimeSpan, CancellationToken, Task<LockHandle?>> acquire, TimeSpan? timeout, CancellationToken cancellationToken) =>
        await TryAsync(acquire, timeout ?? Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false)
        ?? throw new TimeoutException($"\"{name}\" was not to be had within {timeout!.Value.TotalSeconds} s.");

    private static void Check(TimeSpan timeout)
    {
        if (timeout != Timeout.InfiniteTimeSpan && (timeout < TimeSpan.Zero || timeout.TotalMilliseconds > int.MaxValue))
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A timeout is zero or more, up to 2,147,483,647 ms, or Timeout.InfiniteTimeSpan.");
        }
    }
}
