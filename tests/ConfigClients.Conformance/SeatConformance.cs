using ConfigClients.Adapters;

namespace ConfigClients.Conformance;

/// <summary>What a store offers to queues means the same as the verbs of the contract.</summary>
public abstract class SeatConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_seat_is_created_once_and_tells_all_that_were_there_before()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using IStoreSession others = await other.OpenSessionAsync(cancellationToken: Stop);
        string queue = fixture.NewPrefix();

        SeatTaken first = await Seats(store).SitDownAsync(queue, $"{queue}/b", TestValues.Of("1"), session, Stop);
        SeatTaken second = await Seats(other).SitDownAsync(queue, $"{queue}/a", TestValues.Of("2"), others, Stop);
        SeatTaken again = await Seats(other).SitDownAsync(queue, $"{queue}/b", TestValues.Of("3"), others, Stop);
        ConfigSnapshot listed = await other.ListAsync(queue, Stop);

        Assert.True(first.Write.Applied);
        Assert.False(again.Write.Applied);
        Assert.Equal(["1", "2"], listed.Entries.OrderBy(static seat => seat.CreateRevision).Select(static seat => seat.GetString()));
        Assert.Equal([first.Write.Revision.Number, second.Write.Revision.Number], listed.Entries.Select(static seat => seat.CreateRevision).Order());
        if (second.Queue is { } told)
        {
            Assert.Equal(listed.Entries.Select(Describe), told.Entries.Select(Describe));
        }
    }

    [Fact]
    public async Task The_keys_below_a_queue_are_those_of_its_listing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string queue = fixture.NewPrefix();
        IReadOnlyList<string> none = await Seats(store).ListKeysAsync(queue, Stop);
        await store.SetAsync($"{queue}/ü", "1", cancellationToken: Stop);
        await store.SetAsync($"{queue}/b", "2", cancellationToken: Stop);

        Assert.Empty(none);
        Assert.Equal([$"{queue}/b", $"{queue}/ü"], (await Seats(store).ListKeysAsync(queue, Stop)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wait_ends_when_the_key_is_deleted_and_not_when_it_or_another_changes()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string queue = fixture.NewPrefix();
        long created = (await other.SetAsync($"{queue}/a", "1", cancellationToken: Stop)).Revision.Number;
        await other.SetAsync($"{queue}/ab", "1", cancellationToken: Stop);

        Task gone = Seats(store).WaitUntilGoneAsync($"{queue}/a", created, Stop).AsTask();
        await other.SetAsync($"{queue}/a", "2", cancellationToken: Stop);
        await other.DeleteAsync($"{queue}/ab", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, queue);
        await other.SetAsync($"{queue}/last", "1", cancellationToken: Stop);
        await watch.UntilAsync($"{queue}/last", "1");
        bool wasEarly = gone.IsCompleted;
        await other.DeleteAsync($"{queue}/a", cancellationToken: Stop);
        await gone;

        Assert.False(wasEarly);
    }

    [Fact]
    public async Task A_wait_for_a_key_that_is_gone_or_another_one_ends_at_once()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string queue = fixture.NewPrefix();
        long created = (await store.SetAsync($"{queue}/a", "1", cancellationToken: Stop)).Revision.Number;
        await store.DeleteAsync($"{queue}/a", cancellationToken: Stop);
        await Seats(store).WaitUntilGoneAsync($"{queue}/a", created, Stop);
        await store.SetAsync($"{queue}/a", "2", cancellationToken: Stop);

        await Seats(store).WaitUntilGoneAsync($"{queue}/a", created, Stop);
    }

    [Fact]
    public async Task A_wait_ends_with_the_session_of_the_seat_with_its_own_token_or_with_the_store()
    {
        IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string queue = fixture.NewPrefix();
        IStoreSession session = await other.OpenSessionAsync(cancellationToken: Stop);
        long seat = (await Seats(other).SitDownAsync(queue, $"{queue}/a", TestValues.Of("1"), session, Stop)).Write.Revision.Number;
        long key = (await other.SetAsync($"{queue}/b", "1", cancellationToken: Stop)).Revision.Number;
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task gone = Seats(store).WaitUntilGoneAsync($"{queue}/a", seat, Stop).AsTask();
        Task cancelled = Seats(store).WaitUntilGoneAsync($"{queue}/b", key, cancel.Token).AsTask();
        Task cut = Seats(store).WaitUntilGoneAsync($"{queue}/b", key, Stop).AsTask();

        await session.DisposeAsync();
        await gone;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cut);
    }

    [Fact]
    public async Task Who_stands_up_is_gone_at_once_and_may_do_it_twice()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        string queue = fixture.NewPrefix();
        await Seats(store).SitDownAsync(queue, $"{queue}/a", TestValues.Of("1"), session, Stop);

        await Seats(store).StandUpAsync($"{queue}/a", session, Stop);
        ConfigEntry? left = await store.GetAsync($"{queue}/a", Stop);
        await Seats(store).StandUpAsync($"{queue}/a", session, Stop);
        await session.DisposeAsync();
        StoreException over = await Assert.ThrowsAsync<StoreException>(() => Seats(store).StandUpAsync($"{queue}/a", session, Stop).AsTask());

        Assert.Null(left);
        Assert.Equal((StoreError.SessionEnded, false), (over.Error, over.MayHaveApplied));
    }

    private static ISeatStore Seats(IConfigStore store) => Assert.IsAssignableFrom<ISeatStore>(store);

    private static (string Key, string? Value, long Created, string? Session) Describe(ConfigEntry seat) => (seat.Key, seat.GetString(), seat.CreateRevision, seat.SessionId);
}
