namespace ConfigClients.DistributedLocks;

/// <summary>Blocks, for the members of <c>Medallion.Threading</c> that are synchronous by contract: the only file here that does.</summary>
/// <remarks>The work runs on the pool, so that no context of the caller is waited for. Prefer the asynchronous members: each call here keeps a thread.</remarks>
internal static class SynchronousCalls
{
    public static T Block<T>(Func<ValueTask<T>> call) => Task.Run(() => call().AsTask()).GetAwaiter().GetResult();

    public static void Block(Func<ValueTask> call) => Task.Run(() => call().AsTask()).GetAwaiter().GetResult();
}
