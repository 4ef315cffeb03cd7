using System.Diagnostics;
using ConfigClients.Embedded.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedSessionTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private readonly FakeTimeProvider _machine = new();
    private readonly FakeTimeProvider _client = new();
    private readonly EmbeddedStoreOptions _options = new() { Path = fixture.Path };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_hidden_from_the_deadline_on_and_not_before()
    {
        await using EmbeddedDatabase database = Database("boot");
        await using IConfigStore store = Store(database);
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(10) }, Token);
        await store.SetAsync("hidden/seat", "me", session: session, cancellationToken: Token);

        _machine.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        ConfigEntry? before = await store.GetAsync("hidden/seat", Token);
        _machine.Advance(TimeSpan.FromTicks(1));

        Assert.NotNull(before);
        Assert.Null(await store.GetAsync("hidden/seat", Token));
        Assert.Null(await store.GetValueAsync("hidden/seat", Token));
        Assert.Empty((await store.ListAsync("hidden", Token)).Entries);
    }

    [Fact]
    public async Task A_write_after_the_deadline_finds_the_key_gone_and_the_session_over()
    {
        await using EmbeddedDatabase database = Database("boot");
        await using IConfigStore store = Store(database);
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(10) }, Token);
        ConfigEntry seat = await SeatAsync(store, "gone/seat", session);

        _machine.Advance(TimeSpan.FromSeconds(10));
        WriteResult taken = await store.SetAsync("gone/seat", "other", Condition.Absent, cancellationToken: Token);
        StoreException e = await Assert.ThrowsAsync<StoreException>(
            async () => await store.SetAsync("gone/more", "me", session: session, cancellationToken: Token));

        Assert.True(taken.Applied);
        Assert.True(taken.Revision > seat.Revision);
        Assert.Equal((StoreError.SessionEnded, false), (e.Error, e.MayHaveApplied));
        Assert.Equal(SessionEndReason.EndedByStore, session.EndReason);
        Assert.Null(await store.GetAsync("gone/more", Token));
    }

    [Fact]
    public async Task A_heartbeat_counts_from_when_it_is_processed_unless_it_comes_in_the_last_moments()
    {
        await using EmbeddedDatabase database = Database("boot");
        await using IConfigStore store = Store(database);
        EmbeddedSession session = await OpenAsync(database, TimeSpan.FromSeconds(10));

        _machine.Advance(TimeSpan.FromSeconds(9));
        bool early = await session.BeatAsync(Token);
        _machine.Advance(TimeSpan.FromSeconds(9.6));
        bool late = await session.BeatAsync(Token);

        Assert.True(early);
        Assert.False(late);
    }

    [Fact]
    public async Task Sessions_of_an_earlier_boot_are_ended_when_the_file_is_opened()
    {
        await using EmbeddedDatabase before = Database("one");
        await using IConfigStore crashed = Store(before);
        IStoreSession session = await crashed.OpenSessionAsync(cancellationToken: Token);
        ConfigEntry seat = await SeatAsync(crashed, "boot/seat", session);

        await using EmbeddedDatabase after = Database("two");
        await using IConfigStore store = Store(after);

        Assert.Null(await store.GetAsync("boot/seat", Token));
        Assert.True((await store.ListAsync("boot", Token)).Revision > seat.Revision.Number);
    }

    [Fact]
    public async Task The_keys_of_a_killed_process_vanish_within_TTL_and_half_a_second()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        using CrashWriter writer = new(fixture.Path, "seat", "killed");
        string? sessionId = await writer.ReadLineAsync(Token);
        await using IAsyncEnumerator<WatchBatch> batches = store.WatchAsync("killed", Token).GetAsyncEnumerator(Token);
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal(sessionId, Assert.Single(batches.Current.Snapshot!.Entries).SessionId);

        long killedAt = Stopwatch.GetTimestamp();
        await writer.KillAsync(Token);
        Assert.True(await batches.MoveNextAsync());
        TimeSpan stood = Stopwatch.GetElapsedTime(killedAt);

        TestContext.Current.SendDiagnosticMessage($"The seat of a killed process was seen to go {stood.TotalSeconds:F2} s after the kill (TTL 10 s).");
        Assert.True(Assert.Single(batches.Current.Changes).IsDelete);
        Assert.InRange(stood, TimeSpan.FromSeconds(10 * 2 / 3.0) - TimeSpan.FromSeconds(0.5), store.Limits.SessionEndsWithin(StoreSessionOptions.MinTtl));
    }

    private EmbeddedDatabase Database(string boot) => new(fixture.Path, _options, new EmbeddedClock(_machine, boot), NullLogger.Instance);

    private IConfigStore Store(EmbeddedDatabase database) =>
        new ConfigStoreBuilder().Use(new EmbeddedStoreFactory(_options, database)).UseTimeProvider(_client).Build();

    private async Task<EmbeddedSession> OpenAsync(EmbeddedDatabase database, TimeSpan ttl)
    {
        EmbeddedStore store = new(database, ownsDatabase: false, _client, NullLogger.Instance);
        return (EmbeddedSession)await store.OpenSessionAsync(new StoreSessionOptions { Ttl = ttl }, Token);
    }

    private static async Task<ConfigEntry> SeatAsync(IConfigStore store, string key, IStoreSession session)
    {
        await store.SetAsync(key, "me", session: session, cancellationToken: Token);
        return (await store.GetAsync(key, Token))!;
    }
}
