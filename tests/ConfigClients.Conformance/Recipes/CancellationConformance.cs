using ConfigClients.Conformance.Faults;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>F51: whoever stops waiting, at whichever await, leaves nothing behind that others would wait for.</summary>
public abstract class CancellationConformance(StoreFixture fixture)
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What can be asked for, by name.</summary>
    private static Dictionary<string, Func<IConfigStore, string, CancellationToken, Task<IAsyncDisposable?>>> Asks { get; } = new()
    {
        ["lock"] = static async (store, name, token) => await store.CreateLock(name).AcquireAsync(AWhile, token),
        ["try"] = static async (store, name, token) => await store.CreateLock(name).TryAcquireAsync(cancellationToken: token),
        ["semaphore"] = static async (store, name, token) => await store.CreateSemaphore(name, 2).AcquireAsync(AWhile, token),
        ["read"] = static async (store, name, token) => await store.CreateReadWriteLock(name).AcquireReadAsync(AWhile, token),
        ["write"] = static async (store, name, token) => await store.CreateReadWriteLock(name).AcquireWriteAsync(AWhile, token),
        ["lead"] = static async (store, name, token) => await store.CreateElection(name).CampaignAsync(cancellationToken: token),
        ["member"] = static async (store, name, token) => await store.CreateMembership(name).JoinAsync("a", TestValues.Of("here"), token),
    };

    [Theory] // F51
    [InlineData("lock")]
    [InlineData("try")]
    [InlineData("semaphore")]
    [InlineData("read")]
    [InlineData("write")]
    [InlineData("lead")]
    [InlineData("member")]
    public async Task Cancelling_at_any_call_leaves_no_seat(string ask)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        foreach (CallMoment moment in Enum.GetValues<CallMoment>())
        {
            for (int call = 1; await IsCutShortAsync(store, Asks[ask], call, moment, others: 0); call++)
            {
            }
        }
    }

    [Theory] // F51
    [InlineData("lock")]
    [InlineData("write")]
    public async Task Cancelling_while_others_hold_leaves_no_seat_behind_them(string ask)
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        foreach (CallMoment moment in Enum.GetValues<CallMoment>())
        {
            for (int call = 1; await IsCutShortAsync(clients[0], Asks[ask], call, moment, others: 1, clients[1]); call++)
            {
            }
        }
    }

    [Fact] // F51
    public async Task A_member_that_gave_up_joining_and_joins_again_at_once_stays()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string name = fixture.NewPrefix();
        using CancellationTokenSource cancel = new();
        CountedStore counted = new(store, 2, CallMoment.During, cancel.CancelAsync);
        Membership group = counted.CreateMembership(name);

        try
        {
            await (await group.JoinAsync("a", cancellationToken: cancel.Token)).DisposeAsync();
        }
        catch (OperationCanceledException)
        {
            // As asked. A store that answers at once may be quicker.
        }

        await using MemberHandle member = await group.JoinAsync("a", cancellationToken: Stop).WaitAsync(Eventually.Deadline, Stop);
        await using ViewRecorder views = await ViewRecorder.StartAsync(store, name, "a");
        await Task.WhenAny(views.UntilAsync(""), Task.Delay(TimeSpan.FromSeconds(2), Stop));

        Assert.Equal([member.Epoch], views.Epochs("a"));
    }

    [Theory] // F51
    [InlineData(CallMoment.Before)]
    [InlineData(CallMoment.During)]
    [InlineData(CallMoment.After)]
    public async Task Partitions_that_end_at_any_call_leave_no_member_and_no_claim(CallMoment moment)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        for (int call = 1; await AreCutShortAsync(store, call, moment); call++)
        {
        }
    }

    [Fact] // F11
    public async Task A_claim_whose_answer_was_lost_is_worked_on_although_looking_for_it_failed_too()
    {
        await using IConfigStore store = await fixture.OpenAsync();

        // The calls before: a session, a member, a watch.
        CountedStore lost = new(store, 4, CallMoment.After, static () => throw new StoreException(StoreError.Unavailable, "The answer is lost.", mayHaveApplied: true));
        CountedStore away = null!;
        away = new CountedStore(lost, 5, CallMoment.Before, async () =>
        {
            // By then the watch has told of the claim, too.
            await Eventually.HoldsAsync(() => away.Batches >= 2);
            throw new StoreException(StoreError.Unavailable, "Nobody there.");
        });
        await using Partitions partitions = away.CreatePartitions(fixture.NewPrefix(), new PartitionsOptions { Count = 1 });

        await partitions.StartAsync(Stop);
        await Eventually.HoldsAsync(() => partitions.Owned.Count == 1);

        Assert.True(lost.HasHappened && away.HasHappened);
        Assert.Equal(partitions.Owned[0].Epoch, Assert.Single((await store.ListAsync(partitions.Name + "/claims", Stop)).Entries).CreateRevision);
    }

    /// <summary>Asks once and cancels at a call. Returns false if there was no such call.</summary>
    private async Task<bool> IsCutShortAsync(
        IConfigStore store, Func<IConfigStore, string, CancellationToken, Task<IAsyncDisposable?>> ask, int call, CallMoment moment, int others, IConfigStore? holder = null)
    {
        string name = fixture.NewPrefix();
        await using LockHandle? held = holder is null ? null : await holder.CreateReadWriteLock(name).AcquireWriteAsync(cancellationToken: Stop);
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        CountedStore counted = new(store, call, moment, cancel.CancelAsync);

        try
        {
            // What was granted all the same is the caller's, and works.
            await using IAsyncDisposable? granted = await ask(counted, name, cancel.Token).WaitAsync(Eventually.Deadline, Stop);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // As asked; or it was not to be had.
        }

        bool wasCut = counted.HasHappened;
        await Eventually.ReadAsync(async () => (await store.ListAsync(name, Stop)).Entries.Count, seats => seats == others);
        Assert.InRange(counted.Sessions, 0, 1);
        return wasCut;
    }

    /// <summary>Starts partitions and disposes of them at a call. Returns false if there was no such call.</summary>
    private async Task<bool> AreCutShortAsync(IConfigStore store, int call, CallMoment moment)
    {
        string name = fixture.NewPrefix();
        TaskCompletionSource happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Partitions? partitions = null;
        CountedStore counted = new(store, call, moment, () =>
        {
            // Not awaited: it waits for the call that this happens in.
            _ = partitions!.DisposeAsync().AsTask();
            happened.TrySetResult();
            return Task.CompletedTask;
        });
        partitions = counted.CreatePartitions(name, new PartitionsOptions { Count = 2, MemberId = "a" });

        try
        {
            await partitions.StartAsync(Stop).WaitAsync(Eventually.Deadline, Stop);
        }
        catch (ObjectDisposedException)
        {
            // As asked.
        }

        await Eventually.HoldsAsync(() => happened.Task.IsCompleted || partitions.Owned.Count == 2);
        bool wasCut = happened.Task.IsCompleted;
        await partitions.DisposeAsync();
        await Eventually.ReadAsync(async () => (await store.ListAsync(name, Stop)).Entries.Count, static keys => keys == 0);
        return wasCut;
    }
}
