using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>Values too large for a transaction go another way, and mean the same there.</summary>
public sealed class ConsulLargeValueTests(ConsulFixture fixture) : IClassFixture<ConsulFixture>
{
    private static readonly byte[] Large = TestValues.OfSize(512 * 1024);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(390_000)]
    [InlineData(393_000)]
    [InlineData(393_216)]
    [InlineData(400_000)]
    [InlineData(524_288)]
    public async Task Every_size_around_the_border_round_trips_with_its_revision(int bytes)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        byte[] value = TestValues.OfSize(bytes);

        WriteResult created = await store.SetAsync(key, value, cancellationToken: Stop);
        ConfigEntry? entry = await store.GetAsync(key, Stop);
        WriteResult again = await store.SetAsync(key, value, Condition.UnchangedSince(created.Revision), cancellationToken: Stop);
        WriteResult stale = await store.SetAsync(key, value, Condition.UnchangedSince(created.Revision), cancellationToken: Stop);

        Assert.True(entry!.Value.Span.SequenceEqual(value));
        Assert.Equal((entry.Revision, true, false), (created.Revision, again.Applied, stale.Applied));
        Assert.True(again.Revision > created.Revision);
    }

    [Fact]
    public async Task Conditions_hold_as_for_small_values()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using IStoreSession other = await store.OpenSessionAsync(cancellationToken: Stop);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/seat", "small", Condition.Absent, session, Stop);

        Assert.False((await store.SetAsync(prefix + "/new", Large, Condition.Exists, cancellationToken: Stop)).Applied);
        Assert.True((await store.SetAsync(prefix + "/new", Large, Condition.Absent, cancellationToken: Stop)).Applied);
        Assert.False((await store.SetAsync(prefix + "/new", Large, Condition.Absent, cancellationToken: Stop)).Applied);
        Assert.True((await store.SetAsync(prefix + "/new", Large, Condition.Exists, cancellationToken: Stop)).Applied);
        Assert.False((await store.SetAsync(prefix + "/new", Large, Condition.HeldBy(session), cancellationToken: Stop)).Applied);
        Assert.False((await store.SetAsync(prefix + "/new", Large, session: session, cancellationToken: Stop)).Applied);
        Assert.True((await store.SetAsync(prefix + "/seat", Large, Condition.HeldBy(session), cancellationToken: Stop)).Applied);
        Assert.False((await store.SetAsync(prefix + "/seat", Large, Condition.HeldBy(other), cancellationToken: Stop)).Applied);
        Assert.Equal(session.Id, (await store.GetAsync(prefix + "/seat", Stop))!.SessionId);
    }

    [Fact]
    public async Task A_large_seat_lives_and_goes_with_its_session()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using IStoreSession other = await store.OpenSessionAsync(cancellationToken: Stop);
        string key = fixture.NewPrefix() + "/seat";

        WriteResult taken = await store.SetAsync(key, Large, Condition.Absent, session, Stop);
        WriteResult stolen = await store.SetAsync(key, Large, session: other, cancellationToken: Stop);
        WriteResult updated = await store.SetAsync(key, Large, session: session, cancellationToken: Stop);
        ConfigEntry? entry = await store.GetAsync(key, Stop);
        await session.DisposeAsync();

        Assert.Equal((true, false, true), (taken.Applied, stolen.Applied, updated.Applied));
        Assert.Equal((session.Id, updated.Revision, Large.Length), (entry!.SessionId, entry.Revision, entry.Value.Length));
        Assert.Null(await store.GetAsync(key, Stop));
        StoreException late = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, Large, session: session, cancellationToken: Stop).AsTask());
        Assert.Equal(StoreError.SessionEnded, late.Error);
    }

    [Fact]
    public async Task A_large_seat_that_could_not_be_filled_may_have_applied_and_is_not_tried_again()
    {
        await using ScriptedServer server = ScriptedServer.Start(request =>
            request.StartsWith("PUT /v1/session/", StringComparison.Ordinal) ? ScriptedServer.Reply(200, """{"ID":"3b6bd42d-7b2b-4c1b-9d5e-0f3b6b1f8f0e"}""")
            : request.StartsWith("PUT /v1/txn", StringComparison.Ordinal)
                ? ScriptedServer.Reply(200, """{"Results":[{"KV":{"LockIndex":1,"Key":"a","Flags":1,"Value":null,"CreateIndex":7,"ModifyIndex":7}}],"Errors":null}""")
            : ScriptedServer.Reply(429, "too many"));
        await using IConfigStore store = new ConfigStoreBuilder().UseConsul(options => options.Endpoints.Add(server.Endpoint)).Build();
        IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", Large, Condition.Absent, session, Stop).AsTask());

        Assert.Equal((StoreError.Throttled, true), (failure.Error, failure.MayHaveApplied));
        Assert.Single(server.Requests, request => request.StartsWith("PUT /v1/txn", StringComparison.Ordinal));
    }
}
