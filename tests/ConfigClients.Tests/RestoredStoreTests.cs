namespace ConfigClients.Tests;

public sealed class RestoredStoreTests
{
    private static void NoWindow(DistributedConfigOptions options) => options.CoalesceWindow = TimeSpan.Zero;

    [Fact]
    public async Task A_restored_store_is_followed_although_its_revisions_went_back()
    {
        using FakeConfig config = new(NoWindow, ("a", "1"));
        config.Store.Push(("a", "2"));
        await config.ShowsAsync("a", "2");

        config.Store.Say(WatchBatch.FromSnapshot(new ConfigSnapshot("", [new ConfigEntry("a", "old"u8.ToArray(), new Revision(1), 1)], 1), [], "restored"));

        await config.ShowsAsync("a", "old");
    }

    [Fact]
    public async Task A_verification_that_finds_a_restored_store_is_taken_in_and_starts_the_watch_anew()
    {
        using FakeConfig config = new(NoWindow, ("a", "1"));
        config.Store.Push(("a", "2"));
        config.Store.Push(("a", "3"));
        await config.ShowsAsync("a", "3");

        config.Store.Restore(("a", "old"));
        await config.Refresher.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal("old", config.Root["a"]);
        config.Store.Push(("a", "new"));
        await config.ShowsAsync("a", "new");

        Assert.Contains(config.Log.Lines, line => line.StartsWith("Warning WentBack", StringComparison.Ordinal));
    }
}
