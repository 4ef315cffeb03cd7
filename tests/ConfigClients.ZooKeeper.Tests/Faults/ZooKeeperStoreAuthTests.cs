using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.ZooKeeper.Tests.Live;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F38: rights are there, are missing, and go.</summary>
public sealed class ZooKeeperStoreAuthTests : IAsyncLifetime
{
    private static readonly ZooKeeperAcl Nobody = new(ZooKeeperPermissions.All, "ip", "192.0.2.1");

    private ZooKeeperBackend? _server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ZooKeeperBackend Server => _server!;

    public async ValueTask InitializeAsync() => _server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_one_user_keeps_is_denied_to_others_by_every_verb_and_nothing_is_silent()
    {
        await using IConfigStore owner = Open("bob", "secret");
        await owner.SetAsync("a", "v", cancellationToken: Stop);
        foreach ((string? user, string? password) in ((string?, string?)[])[("eve", "secret"), ("bob", "wrong"), (null, null)])
        {
            await using IConfigStore store = Open(user, password);
            await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);

            await DeniedAsync(() => store.GetAsync("a", Stop).AsTask());
            await DeniedAsync(() => store.GetValueAsync("a", Stop).AsTask());
            await DeniedAsync(() => store.ListAsync("", Stop).AsTask());
            await DeniedAsync(() => store.SetAsync("a", "w", cancellationToken: Stop).AsTask());
            await DeniedAsync(() => store.SetAsync("b", "w", Condition.Absent, cancellationToken: Stop).AsTask());
            await DeniedAsync(() => store.SetAsync("seat", "w", Condition.Absent, session, Stop).AsTask());
            await DeniedAsync(() => store.DeleteAsync("a", cancellationToken: Stop).AsTask());
            await DeniedAsync(() => store.CommitAsync(new Transaction().Set("b", TestValues.Of("w")).Set("c", TestValues.Of("w")), Stop).AsTask());
            await DeniedAsync(() => WatchAsync(store, ""));
        }

        Assert.Equal(["a"], (await owner.ListAsync("", Stop)).Entries.Select(static entry => entry.Key));
    }

    [Fact]
    public async Task A_prefix_that_an_operator_prepared_is_enough_where_everything_above_is_closed()
    {
        await using ZooKeeperClient admin = ZooKeeperClients.Open(Server, static options => options.Credentials.Add(ZooKeeperCredential.Digest("admin", "secret")));
        await admin.CreateAsync("/guarded", null, options: new ZooKeeperCreateOptions { Acl = ZooKeeperAcl.Creator }, cancellationToken: Stop);
        await admin.CreateAsync(
            "/guarded/app", null, options: new ZooKeeperCreateOptions { Acl = [ZooKeeperAcl.Digest(ZooKeeperPermissions.All, "bob", "secret")] }, cancellationToken: Stop);
        await admin.SetAclAsync("/", ZooKeeperAcl.Creator, cancellationToken: Stop);
        await using IConfigStore store = Open("bob", "secret", "guarded/app");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "");

        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        WriteResult seat = await store.SetAsync("seat", "v", Condition.Absent, session, Stop);
        WriteResult set = await store.SetAsync("a/b", "v", cancellationToken: Stop);
        WriteResult changed = await store.CommitAsync(new Transaction().Require("seat", Condition.HeldBy(session)).Set("a/b", TestValues.Of("w")).Set("c", TestValues.Of("w")), Stop);
        WriteResult deleted = await store.DeleteAsync("a/b", Condition.UnchangedSince(changed.Revision), Stop);
        await watch.UntilConvergedAsync(store, "");
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(7));
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));

        Assert.Equal((true, true, true, true), (seat.Applied, set.Applied, changed.Applied, deleted.Applied));
        Assert.Equal(["c", "seat"], (await store.ListAsync("", Stop)).Entries.Select(static entry => entry.Key));
    }

    [Fact] // F38
    public async Task A_right_that_is_taken_away_is_denied_at_the_next_call_and_ends_a_watch_that_reads_again()
    {
        await using FaultProxy proxy = FaultProxy.Start(Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy, static options => (options.Prefix, options.User, options.Password) = ("app", "bob", "secret"));
        await store.SetAsync("a", "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "");
        await using ZooKeeperClient admin = ZooKeeperClients.Open(Server, static options => options.Credentials.Add(ZooKeeperCredential.Digest("bob", "secret")));
        ZooKeeperCredential second = ZooKeeperCredential.Digest("admin", "secret");
        await admin.AddCredentialAsync(second, Stop);

        await admin.SetAclAsync("/app/a", [ZooKeeperAcl.Digest(ZooKeeperPermissions.All, "admin", "secret")], cancellationToken: Stop);
        await DeniedAsync(() => store.GetAsync("a", Stop).AsTask());
        await DeniedAsync(() => store.SetAsync("a", "w", cancellationToken: Stop).AsTask());
        await DeniedAsync(() => store.ListAsync("", Stop).AsTask());

        // The server tells a watch nothing of what may not be read any more, not even that.
        await admin.SetDataAsync("/app/a", "x"u8.ToArray(), cancellationToken: Stop);
        proxy.ResetAll();
        StoreException ended = await Assert.ThrowsAsync<StoreException>(() => watch.Completion.WaitAsync(Eventually.Deadline, Stop));

        Assert.Equal(StoreError.Denied, ended.Error);
        Assert.DoesNotContain(watch.Batches, static batch => batch.Changes.Any(static change => change.IsDelete));
    }

    [Fact]
    public async Task A_node_that_may_not_be_read_denies_the_listing_and_does_not_pass_for_a_missing_one()
    {
        await using IConfigStore store = Open(null, null);
        await store.SetAsync("a", "v", cancellationToken: Stop);
        await using ZooKeeperClient other = ZooKeeperClients.Open(Server);
        await other.CreateAsync("/app/hidden", "v"u8.ToArray(), options: new ZooKeeperCreateOptions { Acl = [Nobody] }, cancellationToken: Stop);

        await DeniedAsync(() => store.ListAsync("", Stop).AsTask());
        await DeniedAsync(() => store.GetAsync("hidden", Stop).AsTask());

        Assert.Equal("v", await store.GetStringAsync("a", Stop));
    }

    [Fact]
    public async Task A_server_that_insists_on_a_user_is_served_with_one_and_denies_without()
    {
        await using ZooKeeperBackend strict = await ZooKeeperBackend.StartAsync(new ZooKeeperBackendOptions { DigestRequired = true }, Stop);
        CapturedLog log = new();
        await using IConfigStore with = ZooKeeperStores.Open(strict, static options => (options.User, options.Password) = ("bob", "canary"), builder => builder.UseLoggerFactory(log));
        await using IConfigStore without = ZooKeeperStores.Open(strict);

        Assert.True((await with.SetAsync("a", "v", cancellationToken: Stop)).Applied);
        StoreException read = await Assert.ThrowsAsync<StoreException>(() => without.GetAsync("a", Stop).AsTask());
        StoreException again = await Assert.ThrowsAsync<StoreException>(() => without.SetAsync("a", "w", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.Denied, StoreError.Denied), (read.Error, again.Error));
        Assert.DoesNotContain(log.Lines, static line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("bob", "secret")]
    public async Task A_server_that_insists_on_sasl_denies_and_is_not_asked_again(string? user, string? password)
    {
        await using ZooKeeperBackend strict = await ZooKeeperBackend.StartAsync(
            new() { ExtraConfig = ["authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider", "sessionRequireClientSASLAuth=true"] }, Stop);
        await using FaultProxy proxy = FaultProxy.Start(strict.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy, options => (options.User, options.Password) = (user, password));

        StoreException first = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());
        int connections = proxy.AcceptedConnections;
        StoreException again = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal((StoreError.Denied, false, StoreError.Denied), (first.Error, first.MayHaveApplied, again.Error));
        Assert.Equal(connections, proxy.AcceptedConnections);
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

    private IConfigStore Open(string? user, string? password, string prefix = "app") => ZooKeeperStores.Open(Server, options =>
    {
        options.Prefix = prefix;
        (options.User, options.Password) = (user, password);
    });
}
