namespace ConfigClients.Conformance;

/// <summary>Calls that may fail while a server is away.</summary>
public static class StoreTries
{
    /// <summary>What a call failed with; null if it did not.</summary>
    /// <param name="act">The call.</param>
    /// <returns>The failure, or null.</returns>
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
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it was.</returns>
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
