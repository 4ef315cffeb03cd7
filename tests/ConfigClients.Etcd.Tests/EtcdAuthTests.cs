using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

/// <summary>F38 to F40: users, rights and tokens come and go.</summary>
[Collection(OwnServers.Name)]
public sealed class EtcdAuthTests(EtcdAuthFixture fixture) : IClassFixture<EtcdAuthFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F40
    public async Task Without_the_right_every_verb_is_denied_and_nothing_is_silent()
    {
        string prefix = fixture.NewPrefix();
        await fixture.Operator.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await using IConfigStore store = fixture.Open(await fixture.AddUserAsync("readwrite", "elsewhere"));

        await DeniedAsync(() => store.GetAsync(prefix + "/a", Stop).AsTask());
        await DeniedAsync(() => store.GetAsync(prefix + "/missing", Stop).AsTask());
        await DeniedAsync(() => store.GetValueAsync(prefix + "/a", Stop).AsTask());
        await DeniedAsync(() => store.ListAsync(prefix, Stop).AsTask());
        await DeniedAsync(() => store.ListAsync("", Stop).AsTask());
        await DeniedAsync(() => store.SetAsync(prefix + "/a", "w", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => store.DeleteAsync(prefix + "/a", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => store.CommitAsync(new Transaction().Set("elsewhere/b", TestValues.Of("w")).Set(prefix + "/b", TestValues.Of("w")), Stop).AsTask());
        await DeniedAsync(() => WatchAsync(store, prefix));
        await DeniedAsync(() => WatchAsync(store, ""));

        Assert.Equal("v", await fixture.Operator.GetStringAsync(prefix + "/a", Stop));
        Assert.Null(await fixture.Operator.GetAsync("elsewhere/b", Stop));
    }

    [Fact]
    public async Task Reads_that_travel_together_are_denied_one_by_one()
    {
        string prefix = fixture.NewPrefix();
        await fixture.Operator.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await using IConfigStore store = fixture.Open(await fixture.AddUserAsync("readwrite", prefix));

        Task<string?>[] mine = [.. Enumerable.Range(0, 50).Select(_ => store.GetStringAsync(prefix + "/a", Stop).AsTask())];
        Task<StoreException>[] others = [.. Enumerable.Range(0, 20).Select(i => Assert.ThrowsAsync<StoreException>(() => store.GetAsync($"elsewhere/{i}", Stop).AsTask()))];

        Assert.All(await Task.WhenAll(mine), static value => Assert.Equal("v", value));
        Assert.All(await Task.WhenAll(others), static failure => Assert.Equal(StoreError.Denied, failure.Error));
    }

    [Fact]
    public async Task The_right_to_read_and_write_one_prefix_is_enough_for_every_verb()
    {
        string prefix = fixture.NewPrefix();
        await using IConfigStore store = fixture.Open(await fixture.AddUserAsync("readwrite", prefix), options => options.Prefix = prefix);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "");

        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        WriteResult seat = await store.SetAsync("seat", "v", Condition.Absent, session, Stop);
        WriteResult fenced = await store.SetAsync("a/b", "v", Condition.Absent, cancellationToken: Stop);
        WriteResult changed = await store.CommitAsync(new Transaction().Require("seat", Condition.HeldBy(session)).Set("a/b", TestValues.Of("w")).Delete("c"), Stop);
        WriteResult deleted = await store.DeleteAsync("a/b", Condition.UnchangedSince(changed.Revision), Stop);
        await watch.UntilConvergedAsync(store, "");
        await session.DisposeAsync();
        await watch.UntilAsync("seat", null);

        Assert.Equal((true, true, true, true), (seat.Applied, fenced.Applied, changed.Applied, deleted.Applied));
        Assert.Empty((await store.ListAsync("", Stop)).Entries);
    }

    [Theory]
    [InlineData("root", "wrong")]
    [InlineData("nobody", "wrong")]
    [InlineData(null, null)]
    public async Task Without_a_user_or_the_right_password_everything_is_denied(string? user, string? password)
    {
        CapturedLog log = new();
        await using IConfigStore store = EtcdStores.Open(fixture.Server.Endpoint, options => (options.User, options.Password) = (user, password), builder => builder.UseLoggerFactory(log));

        await DeniedAsync(() => store.GetAsync("a", Stop).AsTask());
        await DeniedAsync(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => store.DeleteAsync("a", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => WatchAsync(store, "a"));

        Assert.DoesNotContain(log.Lines, static line => line.Contains("wrong", StringComparison.Ordinal));
    }

    [Fact] // F38
    public async Task Changes_of_roles_log_everybody_out_and_nobody_notices()
    {
        string prefix = fixture.NewPrefix();
        string user = await fixture.AddUserAsync("readwrite", prefix);
        CapturedLog log = new();
        await using IConfigStore store = fixture.Open(user, configure: builder => builder.UseLoggerFactory(log));
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        using CancellationTokenSource enough = new();

        Task[] callers = [.. Enumerable.Range(0, 8).Select(i => Task.Run(() => CallAsync(store, $"{prefix}/{i}", enough.Token), Stop))];
        List<WatchRecorder> later = [];
        for (int i = 0; i < 12; i++)
        {
            string role = $"{user}-{i}";
            await Task.WhenAll(fixture.Users.AddRoleAsync(role, Stop), fixture.Users.AddAsync(role, "x", Stop));
            await Task.WhenAll(
                fixture.Users.GrantPermissionAsync(role, "read", $"other/{i}", cancellationToken: Stop), fixture.Users.GrantRoleAsync(user, role, Stop));
            later.Add(await WatchRecorder.StartAsync(store, prefix));
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers);
        await watch.UntilConvergedAsync(fixture.Operator, prefix);
        foreach (WatchRecorder recorder in later)
        {
            await recorder.UntilConvergedAsync(fixture.Operator, prefix);
            Assert.DoesNotContain(recorder.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
            await recorder.DisposeAsync();
        }

        Assert.DoesNotContain(watch.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
        Assert.Contains(log.Lines, static line => line.Contains("TokenRefused", StringComparison.Ordinal));
        Assert.Equal(SessionState.Healthy, session.State);
    }

    [Fact] // F38
    public async Task A_watch_that_begins_with_a_refused_token_begins_all_the_same()
    {
        string prefix = fixture.NewPrefix();
        string user = await fixture.AddUserAsync("readwrite", prefix);
        CapturedLog log = new();
        await using IConfigStore store = fixture.Open(user, configure: builder => builder.UseLoggerFactory(log));
        await using WatchRecorder before = await WatchRecorder.StartAsync(store, prefix);

        // Logs the user out. No call in between: the watch is the first to use the token again.
        await fixture.Users.ChangePasswordAsync(user, user + user, Stop);
        await using WatchRecorder after = await WatchRecorder.StartAsync(store, prefix);
        await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop);

        await before.UntilAsync(prefix + "/a", "v");
        await after.UntilAsync(prefix + "/a", "v");
        Assert.Contains(log.Lines, static line => line.Contains("its token is not good any more", StringComparison.Ordinal));
        Assert.All(before.Batches.Concat(after.Batches), static batch => Assert.NotEqual(WatchBatchKind.Stale, batch.Kind));
    }

    [Fact] // F38
    public async Task A_new_password_ends_everything_at_the_next_call()
    {
        string prefix = fixture.NewPrefix();
        string user = await fixture.AddUserAsync("readwrite", prefix);
        await using IConfigStore store = fixture.Open(user);
        await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop);

        await fixture.Users.ChangePasswordAsync(user, "another", Stop);

        await DeniedAsync(() => store.GetAsync(prefix + "/a", Stop).AsTask());
        await DeniedAsync(() => store.SetAsync(prefix + "/a", "w", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => WatchAsync(store, prefix));
    }

    [Fact] // F39
    public async Task A_right_that_is_taken_away_is_denied_at_the_next_call_and_ends_watches_by_their_age()
    {
        string prefix = fixture.NewPrefix();
        string user = await fixture.AddUserAsync("readwrite", prefix);
        await using IConfigStore store = fixture.Open(user, static options => options.MaxWatchAge = TimeSpan.FromSeconds(10));
        await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await fixture.Users.RevokePermissionAsync(user, prefix + "/", cancellationToken: Stop);
        await DeniedAsync(() => store.GetAsync(prefix + "/a", Stop).AsTask());
        await DeniedAsync(() => store.SetAsync(prefix + "/a", "w", cancellationToken: Stop).AsTask());
        StoreException ended = await Assert.ThrowsAsync<StoreException>(() => watch.Completion.WaitAsync(TimeSpan.FromSeconds(15), Stop));

        Assert.Equal(StoreError.Denied, ended.Error);
        Assert.DoesNotContain(watch.Batches, static batch => batch.Changes.Any(static change => change.IsDelete));
    }

    [Fact]
    public async Task Authentication_may_be_switched_off_and_on_again()
    {
        string prefix = fixture.NewPrefix();
        CapturedLog log = new();
        string user = await fixture.AddUserAsync("readwrite", prefix);
        await using IConfigStore store = fixture.Open(user, configure: builder => builder.UseLoggerFactory(log));
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        await store.SetAsync(prefix + "/a", "on", cancellationToken: Stop);

        await fixture.Users.DisableAuthAsync(Stop);
        await store.SetAsync(prefix + "/a", "off", cancellationToken: Stop);
        await using IConfigStore fresh = fixture.Open(user, configure: builder => builder.UseLoggerFactory(log));
        await fresh.SetAsync(prefix + "/b", "off", cancellationToken: Stop);
        await fixture.Users.EnableAuthAsync(Stop);
        await store.SetAsync(prefix + "/a", "on again", cancellationToken: Stop);
        await fresh.SetAsync(prefix + "/b", "on again", cancellationToken: Stop);

        await watch.UntilAsync(prefix + "/a", "on again");
        await watch.UntilAsync(prefix + "/b", "on again");
        Assert.Contains(log.Lines, static line => line.Contains("4011", StringComparison.Ordinal) || line.Contains("AuthenticationIsOff", StringComparison.Ordinal));
    }

    private static async Task CallAsync(IConfigStore store, string key, CancellationToken enough)
    {
        for (int i = 0; !enough.IsCancellationRequested; i++)
        {
            await store.SetAsync(key, $"{i}", cancellationToken: Stop);
            Assert.Equal($"{i}", await store.GetStringAsync(key, Stop));
        }
    }

    private static async Task WatchAsync(IConfigStore store, string prefix)
    {
        await foreach (WatchBatch batch in store.WatchAsync(prefix, Stop))
        {
        }
    }

    private static async Task DeniedAsync(Func<Task> act)
    {
        StoreException failure = await Assert.ThrowsAsync<StoreException>(act);
        Assert.True(failure is { Error: StoreError.Denied, MayHaveApplied: false }, failure.ToString());
    }
}
