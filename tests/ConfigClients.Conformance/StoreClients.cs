namespace ConfigClients.Conformance;

/// <summary>Several clients of the same store, disposed together.</summary>
public sealed class StoreClients : IAsyncDisposable
{
    private readonly IReadOnlyList<IConfigStore> _stores;

    private StoreClients(IReadOnlyList<IConfigStore> stores) => _stores = stores;

    /// <summary>One of the clients; the numbers go round.</summary>
    /// <param name="number">Which.</param>
    public IConfigStore this[int number] => _stores[number % _stores.Count];

    /// <summary>Opens the clients.</summary>
    /// <param name="fixture">Opens one.</param>
    /// <param name="count">How many.</param>
    /// <returns>The clients.</returns>
    public static async Task<StoreClients> OpenAsync(StoreFixture fixture, int count)
    {
        List<IConfigStore> stores = [];
        for (int i = 0; i < count; i++)
        {
            stores.Add(await fixture.OpenAsync());
        }

        return new StoreClients(stores);
    }

    /// <summary>Lets racers, spread over the clients, start at the same moment.</summary>
    /// <typeparam name="T">What each returns.</typeparam>
    /// <param name="racers">How many.</param>
    /// <param name="run">What each does.</param>
    /// <returns>What they returned, by racer.</returns>
    public async Task<T[]> RaceAsync<T>(int racers, Func<IConfigStore, int, Task<T>> run)
    {
        TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>[] running = [.. Enumerable.Range(0, racers).Select(RunAsync)];
        start.SetResult();
        return await Task.WhenAll(running);

        async Task<T> RunAsync(int racer)
        {
            await start.Task;
            return await run(this[racer], racer);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IConfigStore store in _stores)
        {
            await store.DisposeAsync();
        }
    }
}
