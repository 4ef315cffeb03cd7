using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F11, F12: the connection breaks between a request and its reply, or in the middle of one.</summary>
public sealed class EtcdLostReplyTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F11
    public async Task A_write_whose_reply_is_lost_is_not_sent_again()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string key = fixture.NewPrefix() + "/a";
        Assert.Null(await store.GetAsync(key, Stop));

        proxy.ToClient.Hold();
        Task<WriteResult> write = store.SetAsync(key, "v", cancellationToken: Stop).AsTask();
        await Eventually.ReadAsync(() => direct.GetAsync(key, Stop).AsTask(), static entry => entry is not null);
        proxy.ResetAll();
        proxy.ToClient.Release();
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => write);
        ConfigEntry? entry = await store.GetAsync(key, Stop);

        Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(("v", entry!.CreateRevision), (entry.GetString(), entry.Revision.Number));
    }

    [Theory] // F11
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_write_on_a_new_connection_that_ends_before_its_first_frame_may_have_been_applied(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string key = fixture.NewPrefix() + "/a";

        proxy.ToClient.Hold();
        Task<WriteResult> write = store.SetAsync(key, "v", cancellationToken: Stop).AsTask();
        await Eventually.ReadAsync(() => direct.GetAsync(key, Stop).AsTask(), static entry => entry is not null);
        proxy.ToClient.CutAfter(0, kind);
        proxy.ToClient.Release();
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => write);
        ConfigEntry? entry = await store.GetAsync(key, Stop);

        Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(entry!.CreateRevision, entry.Revision.Number);
    }

    [Fact] // F11
    public async Task A_commit_and_a_delete_whose_replies_are_lost_say_so()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string key = fixture.NewPrefix() + "/a";
        Assert.Null(await store.GetAsync(key, Stop));

        StoreException commit = await LoseAsync(proxy, direct, key, true, () => store.CommitAsync(new Transaction().Set(key, new byte[30_000]), Stop));
        Assert.NotNull(await store.GetAsync(key, Stop));
        StoreException delete = await LoseAsync(proxy, direct, key, false, () => store.DeleteAsync(key, cancellationToken: Stop));

        Assert.Equal((StoreError.Unavailable, true), (commit.Error, commit.MayHaveApplied));
        Assert.Equal((StoreError.Unavailable, true), (delete.Error, delete.MayHaveApplied));
    }

    [Theory] // F12
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_reply_cut_at_any_byte_leaves_nothing_for_the_next_request(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "of a", cancellationToken: Stop);
        await store.SetAsync(prefix + "/b", "of b", cancellationToken: Stop);

        for (int bytes = 0; bytes < 320; bytes += bytes < 64 ? 6 : 32)
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
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();

        for (int bytes = 0; bytes < 600; bytes += bytes < 128 ? 4 : 32)
        {
            foreach (ProxyLane lane in (ProxyLane[])[proxy.ToServer, proxy.ToClient])
            {
                string key = $"{prefix}/{bytes}/{lane == proxy.ToServer}";
                lane.CutAfter(bytes, kind);
                StoreException? failure = await StoreTries.FailureAsync(() => store.SetAsync(key, "v", cancellationToken: Stop).AsTask());
                ConfigEntry? entry = await direct.GetAsync(key, Stop);

                Assert.True(failure is null or { Error: StoreError.Unavailable, MayHaveApplied: true }, failure?.ToString());
                Assert.True(failure is not null || entry is not null, "It was answered, but not applied.");
                Assert.True(entry is null || entry.CreateRevision == entry.Revision.Number, $"Applied twice, cut after {bytes} bytes.");
            }
        }
    }

    /// <summary>Lets a write reach the server, and breaks the connection when it has been carried out, before the reply gets through.</summary>
    private static async Task<StoreException> LoseAsync(FaultProxy proxy, IConfigStore direct, string key, bool exists, Func<ValueTask<WriteResult>> act)
    {
        proxy.ToClient.Hold();
        Task<WriteResult> write = act().AsTask();
        await Eventually.ReadAsync(() => direct.GetAsync(key, Stop).AsTask(), entry => (entry is not null) == exists);
        proxy.ResetAll();
        proxy.ToClient.Release();
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => write);
        return failure;
    }
}
