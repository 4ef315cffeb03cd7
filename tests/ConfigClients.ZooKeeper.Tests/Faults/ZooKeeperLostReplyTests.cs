using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F11, F12: the connection breaks between a request and its reply, or in the middle of one.</summary>
public sealed class ZooKeeperLostReplyTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F11
    public async Task A_creation_whose_reply_is_lost_says_so_and_is_not_sent_again()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/beside", "v", cancellationToken: Stop);

        StoreException failure = await LoseAsync(
            proxy,
            () => store.SetAsync(prefix + "/a", "v", Condition.Absent, cancellationToken: Stop),
            async () => await direct.GetAsync(prefix + "/a", Stop) is not null);
        ConfigEntry? entry = await store.GetAsync(prefix + "/a", Stop);
        WriteResult again = await store.SetAsync(prefix + "/a", "w", Condition.Absent, cancellationToken: Stop);

        Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(("v", entry!.CreateRevision, false), (entry.GetString(), entry.Revision.Number, again.Applied));
    }

    [Fact] // F11
    public async Task An_update_a_delete_and_a_commit_whose_replies_are_lost_say_so()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string key = fixture.NewPrefix() + "/a";
        WriteResult created = await store.SetAsync(key, "v", Condition.Absent, cancellationToken: Stop);
        WriteResult known = await store.SetAsync(key, "v", Condition.UnchangedSince(created.Revision), cancellationToken: Stop);

        StoreException update = await LoseAsync(
            proxy, () => store.SetAsync(key, "w", Condition.UnchangedSince(known.Revision), cancellationToken: Stop), async () => await direct.GetStringAsync(key, Stop) == "w");
        long revision = (await direct.GetAsync(key, Stop))!.Revision.Number;

        // These read first: what they wait for is the reply to what they write.
        StoreException commit = await LoseSecondAsync(
            proxy, () => store.CommitAsync(new Transaction().Set(key, TestValues.Of("x")), Stop), async () => await direct.GetStringAsync(key, Stop) == "x");
        StoreException delete = await LoseSecondAsync(
            proxy, () => store.DeleteAsync(key, cancellationToken: Stop), async () => await direct.GetAsync(key, Stop) is null);

        Assert.All([update, commit, delete], static failure => Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied)));
        Assert.NotEqual(created.Revision.Number, revision);
    }

    [Fact] // F11
    public async Task A_seat_whose_reply_was_lost_is_found_by_its_session_and_goes_with_it()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/beside", "v", cancellationToken: Stop);
        IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);

        StoreException failure = await LoseAsync(
            proxy,
            () => store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop),
            async () => await direct.GetAsync(prefix + "/seat", Stop) is not null);
        string? holder = (await store.GetAsync(prefix + "/seat", Stop))!.SessionId;
        await session.DisposeAsync();
        await Eventually.GoneAsync(direct, prefix + "/seat");

        Assert.Equal((StoreError.Unavailable, true, session.Id), (failure.Error, failure.MayHaveApplied, holder));
    }

    [Theory] // F12
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_reply_cut_at_any_byte_leaves_nothing_for_the_next_request(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "of a", cancellationToken: Stop);
        await store.SetAsync(prefix + "/b", "of b", cancellationToken: Stop);

        // Through the length, the header, the data and the stat of an answer, and behind it.
        foreach (int bytes in (int[])[0, 1, 4, 15, 20, 24, 26, 60, 95, 96, 110])
        {
            proxy.ToClient.CutAfter(bytes, kind);
            Assert.Equal("of a", (await store.GetAsync(prefix + "/a", Stop))!.GetString());
            Assert.Equal("of b", await store.GetStringAsync(prefix + "/b", Stop));
        }
    }

    [Theory] // F12
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_write_cut_at_any_byte_is_applied_once_or_not_at_all_and_says_which(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/beside", "v", cancellationToken: Stop);

        foreach (int bytes in (int[])[0, 3, 12, 60, 130, 220, 400])
        {
            foreach (ProxyLane lane in (ProxyLane[])[proxy.ToServer, proxy.ToClient])
            {
                string key = $"{prefix}/{bytes}-{lane == proxy.ToServer}";
                lane.CutAfter(bytes, kind);
                StoreException? failure = await StoreTries.FailureAsync(() => store.SetAsync(key, "v", cancellationToken: Stop).AsTask());
                ConfigEntry? entry = await direct.GetAsync(key, Stop);

                Assert.True(failure is null or { Error: StoreError.Unavailable }, failure?.ToString());
                Assert.True(failure is not null || entry is not null, "It was answered, but not applied.");
                Assert.True(failure is not { MayHaveApplied: false } || entry is null, "It was applied, and said that it was not.");
                Assert.True(entry is null || entry.CreateRevision == entry.Revision.Number, $"Applied twice, cut after {bytes} bytes.");
            }
        }
    }

    /// <summary>Lets a write reach the server, and breaks the connection when it has been carried out, before the reply gets through.</summary>
    private static async Task<StoreException> LoseAsync(FaultProxy proxy, Func<ValueTask<WriteResult>> act, Func<Task<bool>> isDone)
    {
        proxy.ToClient.Hold();
        Task<WriteResult> write = act().AsTask();
        await Eventually.ReadAsync(isDone, static done => done);
        proxy.ResetAll();
        proxy.ToClient.Release();
        return await Assert.ThrowsAsync<StoreException>(() => write);
    }

    /// <summary>The same for a write that reads first: a reading before the write comes through by and by, until the write is carried out.</summary>
    private static async Task<StoreException> LoseSecondAsync(FaultProxy proxy, Func<ValueTask<WriteResult>> act, Func<Task<bool>> isDone)
    {
        proxy.ToClient.Delay = TimeSpan.FromMilliseconds(700);
        Task<WriteResult> write = act().AsTask();
        await Eventually.ReadAsync(isDone, static done => done);
        proxy.ResetAll();
        proxy.ToClient.Delay = TimeSpan.Zero;
        return await Assert.ThrowsAsync<StoreException>(() => write);
    }
}
