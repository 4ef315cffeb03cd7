using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ConfigClients.Conformance;

/// <summary>The configuration over this store: what is written there becomes settings, and every change arrives by itself.</summary>
public abstract class ConfigurationConformance(StoreFixture fixture)
{
    [Fact]
    public async Task Keys_and_documents_become_settings()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/db/host", "pg1");
        await store.SetAsync(prefix + "/empty", "");
        await store.SetAsync(prefix + "/shop.json", """{"items":[{"name":"a"},"b"],"open":true,"none":null,"rate":1.50}""");
        await store.SetAsync(prefix + "/eu/appsettings.json", """{"currency":"EUR"}""");
        await store.SetAsync(prefix + "-beside/x", "not of this prefix");

        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        Assert.Equal(
            [("db:host", "pg1"), ("empty", ""), ("eu:currency", "EUR"), ("shop:items:0:name", "a"), ("shop:items:1", "b"), ("shop:none", null), ("shop:open", "True"), ("shop:rate", "1.50")],
            Settings(host));
        Assert.Equal((DistributedConfigState.Live, 8, 0), (host.Status.State, host.Status.KeyCount, host.Reloads));
    }

    [Fact]
    public async Task A_change_reaches_monitor_and_snapshot_without_anyone_asking()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/options/name", "before");
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);
        TaskCompletionSource<string> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable? callback = host.Monitor.OnChange(options => told.TrySetResult(options.Name));

        WriteResult written = await store.SetAsync(prefix + "/options/name", "after");

        Assert.Equal("after", await told.Task.WaitAsync(Eventually.Deadline));
        Assert.Equal(("after", "after", 1), (host.Monitor.CurrentValue.Name, host.Snapshot().Name, host.Reloads));
        Assert.True(host.Status.Revision >= written.Revision.Number && host.Status.Age < Eventually.Deadline);
    }

    [Fact]
    public async Task A_delete_removes_the_setting_and_an_empty_value_does_not()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.CommitAsync(new Transaction().Set(prefix + "/s/a", TestValues.Of("1")).Set(prefix + "/s/b", TestValues.Of("1")).Set(prefix + "/s/d.json", TestValues.Of("""{"x":1,"y":1}""")));
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        await store.CommitAsync(new Transaction().Delete(prefix + "/s/a").Set(prefix + "/s/b", TestValues.Of("")).Set(prefix + "/s/d.json", TestValues.Of("""{"y":1}""")));
        await host.ShowsAsync("s:a", null);

        await host.ShowsAsync("s:b", "");
        Assert.Equal([("s:b", ""), ("s:d:y", "1")], Settings(host));
    }

    [Fact]
    public async Task What_leaves_every_setting_as_it_was_does_not_reload()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "1");
        await store.SetAsync(prefix + "/d.json", """{"x":1}""");
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        await store.SetAsync(prefix + "/a", "1");
        await store.SetAsync(prefix + "/d.json", """{ "x": 1 } // the same""");
        await host.Refresher.RefreshAsync();
        await store.SetAsync(prefix + "/a", "2");
        await host.ShowsAsync("a", "2");

        await Eventually.HoldsAsync(() => host.Reloads == 1);
    }

    [Fact]
    public async Task Later_layers_win_and_give_way_again()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/shared/a", "1");
        await store.SetAsync(prefix + "/app/A", "2");
        await store.SetAsync(prefix + "/app/other", "x");
        await store.SetAsync(prefix + "/app/Staging/a.json", "{}");
        await store.SetAsync(prefix + "/app/Staging/a", "3");
        await store.SetAsync(prefix + "/app/Production/a", "not here");
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix, options =>
        {
            options.Environment = "Staging";
            options.Layers.Add("shared");
            options.Layers.Add("app");
            options.Layers.Add("app/{environment}");
        });
        Assert.Equal("3", host["a"]);

        await store.DeleteAsync(prefix + "/app/Staging/a");
        await host.ShowsAsync("a", "2");
        await store.DeleteAsync(prefix + "/app/A");

        await host.ShowsAsync("a", "1");
    }

    [Fact]
    public async Task A_burst_reloads_once_per_window_and_the_last_value_wins()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "0");
        TimeSpan window = TimeSpan.FromMilliseconds(250);
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix, options => options.CoalesceWindow = window);
        long start = Stopwatch.GetTimestamp();

        for (int i = 1; i <= 200; i++)
        {
            await store.SetAsync(prefix + "/a", $"{i}");
        }

        await host.ShowsAsync("a", "200");
        Assert.InRange(host.Reloads, 1, 1 + (int)(Stopwatch.GetElapsedTime(start) / window));
    }

    [Fact]
    public async Task Pull_notices_by_itself_and_refresh_does_so_now()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "1");
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix, options =>
        {
            options.Mode = SyncMode.Pull;
            options.PollInterval = TimeSpan.FromSeconds(1);
        });

        await store.SetAsync(prefix + "/a", "2");
        await host.Refresher.RefreshAsync();
        Assert.Equal("2", host["a"]);
        await store.SetAsync(prefix + "/a", "3");

        await host.ShowsAsync("a", "3");
        Assert.Equal(2, host.Reloads);
    }

    [Fact]
    public async Task A_callback_that_blocks_holds_up_further_reloads_and_nothing_else()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/options/name", "0");
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        await using IStoreSession session = await store.OpenSessionAsync();
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim release = new();
        using IDisposable? callback = host.Monitor.OnChange(_ =>
        {
            entered.Set();
            release.Wait(Eventually.Deadline);
        });

        await store.SetAsync(prefix + "/options/name", "1");
        await Eventually.HoldsAsync(() => entered.IsSet);
        await store.SetAsync(prefix + "/options/name", "2");
        await store.SetAsync(prefix + "/options/name", "3");
        await watch.UntilAsync(prefix + "/options/name", "3");
        Assert.Equal(("1", SessionState.Healthy, DistributedConfigState.Live), (host["options:name"], session.State, host.Status.State));
        release.Set();

        await host.ShowsAsync("options:name", "3");
        await Eventually.HoldsAsync(() => host.Monitor.CurrentValue.Name == "3");
    }

    private static IEnumerable<(string, string?)> Settings(ConfiguredHost host) => host.Configuration.AsEnumerable()
        .Where(pair => pair.Value is not null || !host.Configuration.GetSection(pair.Key).GetChildren().Any())
        .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
        .Select(static pair => (pair.Key, pair.Value));
}
