namespace ConfigClients.Etcd.Tests;

/// <summary>Calls that may fail while a server is away.</summary>
internal static class EtcdTries
{
    /// <summary>What a call failed with; null if it did not.</summary>
    public static async Task<StoreException?> FailureAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (StoreException e)
        {
            return e;
        }
    }

    /// <summary>Whether a set was applied. False also if the store was out of reach.</summary>
    public static async Task<bool> IsAppliedAsync(IConfigStore store, string key, string value = "v")
    {
        try
        {
            return (await store.SetAsync(key, value, cancellationToken: TestContext.Current.CancellationToken)).Applied;
        }
        catch (StoreException e) when (e.IsTransient)
        {
            return false;
        }
    }
}
