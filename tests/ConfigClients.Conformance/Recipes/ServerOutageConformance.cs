using ConfigClients.Conformance.Faults;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>F2, F4: what recipes have when the server is away for longer than the lifetime of a session, and comes back believing in it.</summary>
public abstract class ServerOutageConformance
{
    /// <summary>Starts a server of the test's own.</summary>
    /// <returns>The server.</returns>
    protected abstract Task<OwnServer> StartAsync();

    /// <summary>Opens a store on it.</summary>
    /// <param name="endpoint">Where it is.</param>
    /// <returns>The store.</returns>
    protected abstract IConfigStore Open(Uri endpoint);

    [Fact] // F2
    public Task A_server_that_is_killed_and_stays_away_costs_everything_on_time() =>
        LoseAsync(static server => server.KillAsync(), static server => server.RestartAsync());

    [Fact] // F4
    public Task A_server_that_is_paused_for_long_costs_everything_on_time_and_gives_nothing_back() =>
        LoseAsync(static server => server.PauseAsync(), static server => server.ResumeAsync());

    private async Task LoseAsync(Func<OwnServer, Task> leave, Func<OwnServer, Task> comeBack)
    {
        await using OwnServer server = await StartAsync();
        await using IConfigStore store = Open(server.Endpoint);
        await using IConfigStore other = Open(server.Endpoint);
        await using RecipeScene scene = await RecipeScene.SetAsync(store, other, "t");

        await leave(server);
        await Eventually.HoldsAsync(() => scene.Hold.Lost.IsCancellationRequested, TimeSpan.FromSeconds(12));
        await comeBack(server);

        await scene.AssertHandedOverAsync(LockLossReason.DeadlinePassed);
        await scene.AssertFencedAsync();
        await scene.AssertBackAsync();
    }
}
