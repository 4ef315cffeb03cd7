using ConfigClients.Conformance;

namespace ConfigClients.Tests;

public sealed class ReloadTests
{
    private static void NoWindow(DistributedConfigOptions options) => options.CoalesceWindow = TimeSpan.Zero;

    [Fact]
    public async Task A_burst_within_the_window_reloads_once_with_the_last_value()
    {
        using FakeConfig config = new(null, ("a", "0"));

        for (int i = 1; i <= 10_000; i++)
        {
            config.Store.Push(("a", $"{i}"));
        }

        await Eventually.HoldsAsync(() => config.Status.Revision == 10_001);
        Assert.Equal("0", config.Root["a"]);
        config.Time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(("10000", 1), (config.Root["a"], config.Reloads));
    }

    [Fact]
    public async Task Ten_thousand_keys_at_once_are_one_reload()
    {
        using FakeConfig config = new(NoWindow, ("a", "0"));

        config.Store.Push([.. Enumerable.Range(0, 10_000).Select(i => ($"s/{i}", (string?)"x"))]);

        await config.ShowsAsync("s:9999", "x");
        await Eventually.HoldsAsync(() => config.Reloads == 1);
    }

    [Fact]
    public async Task The_same_value_again_does_not_reload()
    {
        using FakeConfig config = new(NoWindow, ("a", "1"), ("b", "1"));

        config.Store.Push(("a", "1"));
        config.Store.SaySnapshot();
        config.Store.Push(("b", "2"));

        await config.ShowsAsync("b", "2");
        await Eventually.HoldsAsync(() => config.Reloads == 1);
    }

    [Fact]
    public async Task A_delete_removes_the_value_and_an_empty_value_does_not()
    {
        using FakeConfig config = new(NoWindow, ("s/a", "1"), ("s/b", "1"));

        config.Store.Push(("s/a", null), ("s/b", ""));

        await config.ShowsAsync("s:b", "");
        Assert.Equal(["b"], config.Root.GetSection("s").GetChildren().Select(child => child.Key));
    }

    [Fact]
    public async Task A_bad_document_keeps_the_last_good_values_and_recovers()
    {
        using FakeConfig config = new(NoWindow, ("db.json", """{"host":"a"}"""), ("other", "1"));

        config.Store.Push(("db.json", "{\n  \"host\": oops"), ("other", "2"));
        await config.ShowsAsync("other", "2");
        Assert.Equal("a", config.Root["db:host"]);
        DistributedConfigError error = Assert.Single(config.Errors);
        Assert.Equal((DistributedConfigErrorKind.InvalidValue, "db.json", 2L, 11L), (error.Kind, error.Key, error.Line!.Value, error.Column!.Value));
        Assert.Single(config.Status.Rejected);

        config.Store.SaySnapshot();
        config.Store.Push(("db.json", """{"host":"b"}"""));
        await config.ShowsAsync("db:host", "b");

        Assert.Single(config.Errors);
        Assert.Empty(config.Status.Rejected);
    }

    [Fact]
    public async Task Keys_that_differ_by_case_are_an_error_naming_both_until_one_gives_way()
    {
        using FakeConfig config = new(NoWindow, ("db/host", "1"));

        config.Store.Push(("db/Host", "2"));
        await Eventually.HoldsAsync(() => !config.Errors.IsEmpty);
        DistributedConfigError error = Assert.Single(config.Errors);
        Assert.Equal((DistributedConfigErrorKind.Collision, "db/Host", "db/host"), (error.Kind, error.Key, error.OtherKey));
        Assert.Equal("1", config.Root["db:host"]);

        config.Store.Push(("db/host", null));
        await config.ShowsAsync("db:host", "2");

        Assert.Empty(config.Status.Rejected);
    }

    [Fact]
    public async Task Later_layers_win_and_give_way_again()
    {
        using FakeConfig config = new(
            options =>
            {
                NoWindow(options);
                options.Prefix = "shop";
                options.Environment = "Staging";
                foreach (string layer in (string[])["shared", "app", "app/{environment}"])
                {
                    options.Layers.Add(layer);
                }
            },
            ("shop/shared/a", "1"), ("shop/app/A", "2"), ("shop/app/other", "x"), ("shop/app/Staging/a", "3"), ("elsewhere/a", "4"));
        Assert.Equal("3", config.Root["a"]);

        config.Store.Push(("shop/app/Staging/a", null));
        await config.ShowsAsync("a", "2");
        config.Store.Push(("shop/app/A", null));

        await config.ShowsAsync("a", "1");
    }

    [Fact]
    public async Task A_throwing_callback_neither_ends_the_feed_nor_puts_a_value_into_the_log()
    {
        using FakeConfig config = new(NoWindow, ("a", "1"));
        using IDisposable bad = Microsoft.Extensions.Primitives.ChangeToken.OnChange(
            config.Root.GetReloadToken, () => throw new InvalidOperationException("CANARY " + config.Root["a"]));

        config.Store.Push(("a", "CANARY"));
        await config.ShowsAsync("a", "CANARY");
        config.Store.Push(("a", "3"));
        await config.ShowsAsync("a", "3");

        await Eventually.HoldsAsync(() => config.Errors.Count(error => error.Kind == DistributedConfigErrorKind.CallbackFailed) == 2);
        Assert.DoesNotContain(config.Log.Lines, line => line.Contains("CANARY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_outage_is_told_once_and_the_values_stay()
    {
        using FakeConfig config = new(NoWindow, ("a", "1"));

        config.Store.Say(WatchBatch.Stale("gone", 1));
        await Eventually.HoldsAsync(() => config.Status.State == DistributedConfigState.Stale);
        config.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(("1", TimeSpan.FromSeconds(40), "gone"), (config.Root["a"], config.Status.StaleFor, config.Status.StaleReason));

        config.Store.Push(("a", "2"));
        await config.ShowsAsync("a", "2");

        Assert.Equal(DistributedConfigState.Live, config.Status.State);
        Assert.Equal(DistributedConfigErrorKind.Unavailable, Assert.Single(config.Errors).Kind);
    }

    [Fact]
    public async Task The_verification_finds_what_the_watch_did_not_say()
    {
        using FakeConfig config = new(NoWindow, ("a", "1"));

        config.Store.Write(("a", "2"));
        await Eventually.ReadAsync(
            () =>
            {
                config.Time.Advance(TimeSpan.FromMinutes(5));
                return Task.FromResult(config.Root["a"]);
            },
            value => value == "2");

        Assert.Equal(1, config.Reloads);
    }

    [Fact]
    public async Task Pull_lists_at_its_interval_and_refresh_lists_now()
    {
        using FakeConfig config = new(options => options.Mode = SyncMode.Pull, ("a", "1"));
        Assert.Equal(1, config.Store.Lists);

        config.Store.Write(("a", "2"));
        await config.Refresher.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("2", 1, 2), (config.Root["a"], config.Reloads, config.Store.Lists));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refresh_inside_a_callback_does_not_wait_for_itself(bool onAnotherThread)
    {
        using FakeConfig config = new(NoWindow, ("a", "1"));
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable registration = Microsoft.Extensions.Primitives.ChangeToken.OnChange(config.Root.GetReloadToken, () =>
        {
            Func<Task> refresh = () => config.Refresher.RefreshAsync();
            (onAnotherThread ? Task.Run(refresh) : refresh()).GetAwaiter().GetResult();
            done.TrySetResult();
        });

        config.Store.Push(("a", "2"));

        await done.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_denied_section_is_ignored_with_a_warning()
    {
        using FakeConfig config = new(options => options.DenySections.Add("kestrel"), ("Kestrel/Limits", "1"), ("KestrelLike", "1"));

        Assert.Equal((null, "1"), (config.Root["Kestrel:Limits"], config.Root["KestrelLike"]));
        Assert.Contains(config.Log.Lines, line => line.StartsWith("Warning Denied", StringComparison.Ordinal));
    }
}
