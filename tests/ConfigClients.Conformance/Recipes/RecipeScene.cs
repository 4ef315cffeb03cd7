using System.Collections.Concurrent;
using ConfigClients.Conformance.Leading;
using ConfigClients.Recipes;
using Microsoft.Extensions.Hosting;

namespace ConfigClients.Conformance.Recipes;

/// <summary>One client that has something of every recipe, and another one that waits for its lock and watches its group: before a fault, and after it.</summary>
/// <remarks>All sessions have the shortest TTL: so faults cost the least time.</remarks>
public sealed class RecipeScene : IAsyncDisposable
{
    private const int PartitionCount = 4;

    /// <summary>Enough for the old session to end at the slowest store, and for everybody to come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly ConcurrentQueue<PartitionOwnership> _owned = new();
    private readonly ConcurrentQueue<long> _returned = new();
    private readonly IConfigStore _store;
    private readonly IConfigStore _other;
    private readonly string _prefix;
    private readonly ContenderOptions _options;
    private IHost? _host;
    private Partitions? _partitions;
    private long _epoch;
    private long _term;

    private RecipeScene(IConfigStore store, IConfigStore other, string prefix, TimeProvider time)
    {
        _store = store;
        _other = other;
        _prefix = prefix;
        _options = new ContenderOptions { SessionTtl = StoreSessionOptions.MinTtl, Time = time };
    }

    /// <summary>The lock that the client holds.</summary>
    public LockHandle Hold { get; private set; } = null!;

    /// <summary>The other client's wait for it.</summary>
    public Task<LockHandle> Next { get; private set; } = null!;

    /// <summary>The client's place in the group, under the name <c>a</c>.</summary>
    public MemberHandle Member { get; private set; } = null!;

    /// <summary>What the other client sees of the group.</summary>
    public ViewRecorder Views { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The leads of the client's leader service.</summary>
    private LeaderStage Stage { get; } = new();

    /// <summary>Sets it up.</summary>
    /// <param name="store">The client that the fault happens to.</param>
    /// <param name="other">The other client.</param>
    /// <param name="prefix">Where in the store.</param>
    /// <param name="time">The clock of the recipes. Default: the system's.</param>
    /// <returns>The scene; the stores stay the test's.</returns>
    public static async Task<RecipeScene> SetAsync(IConfigStore store, IConfigStore other, string prefix, TimeProvider? time = null)
    {
        RecipeScene scene = new(store, other, prefix, time ?? TimeProvider.System);
        scene.Hold = await scene.Lock(store).AcquireAsync(cancellationToken: Stop);
        scene.Member = await scene.Group(store).JoinAsync("a", cancellationToken: Stop);
        scene._epoch = scene.Member.Epoch;
        scene.Member.Returned += scene._returned.Enqueue;
        scene._host = await LeaderHosts.StartAsync(store, prefix + "/lead", scene.Stage, options =>
        {
            options.SessionTtl = StoreSessionOptions.MinTtl;
            options.TimeProvider = scene._options.Time;
        });
        scene._term = (await scene.Stage.LeadAsync(1)).Term;
        scene._partitions = await scene.StartPartitionsAsync();
        scene.Next = scene.Lock(other).AcquireAsync(cancellationToken: Stop);
        scene.Views = await ViewRecorder.StartAsync(other, prefix + "/group", "a");
        await Eventually.ReadAsync(async () => (await other.ListAsync(prefix + "/lock", Stop)).Entries.Count, static seats => seats == 2);
        return scene;
    }

    /// <summary>Another member joins the group, by the other client.</summary>
    /// <param name="id">Who.</param>
    /// <returns>Its place.</returns>
    public Task<MemberHandle> JoinAsync(string id) => Group(_other).JoinAsync(id, cancellationToken: Stop);

    /// <summary>Everything is as it was: nothing was lost, nobody was told of a loss, nobody else has it.</summary>
    /// <returns>When looked at.</returns>
    public async Task AssertKeptAsync()
    {
        WriteResult guarded = await Hold.SetAsync(_prefix + "/guarded", TestValues.Of("v"), Stop);

        Assert.Equal((true, LockLossReason.None, false, true, false), (Hold.IsHeld, Hold.LossReason, Hold.Lost.IsCancellationRequested, guarded.Applied, Next.IsCompleted));
        Assert.Equal((true, _epoch), (Member.IsMember, Member.Epoch));
        Assert.Equal([_epoch], Views.Epochs("a"));
        Assert.Empty(_returned);
        Assert.Equal((1, 1, true), (Stage.Leads.Count, Stage.Inside, Stage.Leads[0].IsLeader));
        Assert.Equal((PartitionCount, PartitionCount), (_owned.Count, _owned.Count(static owned => owned.IsOwned)));
    }

    /// <summary>The lock was lost for good before the other client got it.</summary>
    /// <param name="reason">Why it should have been lost.</param>
    /// <returns>When the other client has it.</returns>
    public async Task AssertHandedOverAsync(LockLossReason reason)
    {
        Task<bool> stillBelieved = Next.ContinueWith(
            next => next.IsCompletedSuccessfully && Hold.IsHeld, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        LockHandle next = await Next.WaitAsync(Patience, Stop);
        await using LockHandle again = await AgainAsync(next);

        Assert.False(await stillBelieved, "Two believed in the lock at a time.");
        Assert.Equal((false, reason, TimeSpan.Zero, true), (Hold.IsHeld, Hold.LossReason, Hold.ValidFor, Hold.Lost.IsCancellationRequested));
        Assert.True(Hold.FencingToken < next.FencingToken && next.FencingToken < again.FencingToken);
        Assert.NotEqual((Hold.Session.Id, Hold.SeatKey), (again.Session.Id, again.SeatKey));
        Assert.True(again.IsHeld);
    }

    /// <summary>Member, leader and owner are back, each once, under larger numbers, and others saw it that way.</summary>
    /// <returns>When they are.</returns>
    public async Task AssertBackAsync()
    {
        await Eventually.HoldsAsync(() => Member.IsMember && Member.Epoch > _epoch, Patience);
        await Eventually.HoldsAsync(() => Stage.Inside == 1 && Stage.Leads[^1] is { IsLeader: true } lead && lead.Term > _term, Patience);
        await Eventually.HoldsAsync(() => _owned.Count >= PartitionCount * 2 && _partitions!.Owned.Count == PartitionCount, Patience);
        await Eventually.HoldsAsync(() => Views.Views is [.., var last] && last.Find("a")?.Epoch == Member.Epoch, Patience);
        long?[] seen = [.. Views.Epochs("a").OfType<long>()];

        Assert.Equal([_epoch, Member.Epoch], seen);
        await Eventually.HoldsAsync(() => !_returned.IsEmpty);
        Assert.Equal([Member.Epoch], _returned);
        Assert.Equal(1, Stage.Most);
        Assert.Equal(Stage.Leads.Select(static lead => lead.Term).Order().Distinct(), Stage.Leads.Select(static lead => lead.Term));
        Assert.All(_owned.GroupBy(static owned => owned.Partition), static owners =>
        {
            Assert.Equal(owners.Select(static owned => owned.Epoch).Order().Distinct(), owners.Select(static owned => owned.Epoch));
            Assert.Single(owners, static owned => owned.IsOwned);
        });
    }

    /// <summary>What the client still writes under the lock that it lost is refused by the store.</summary>
    /// <returns>When it was.</returns>
    public async Task AssertFencedAsync()
    {
        bool applied = false;
        await StoreTries.FailureAsync(async () => applied = (await Hold.SetAsync(_prefix + "/guarded", TestValues.Of("stale"), Stop)).Applied);

        Assert.False(applied);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Views.DisposeAsync();
        await _partitions!.DisposeAsync();
        await _host!.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Member.DisposeAsync();
        await Hold.DisposeAsync();
    }

    private DistributedLock Lock(IConfigStore store) => store.CreateLock(_prefix + "/lock", _options);

    private Membership Group(IConfigStore store) => store.CreateMembership(_prefix + "/group", _options);

    /// <summary>The client that lost the lock asks for it again, behind the other one.</summary>
    private async Task<LockHandle> AgainAsync(LockHandle next)
    {
        await using (next)
        {
            // The network may be back, and its connections not yet.
            await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(_store, _prefix + "/back"), static applied => applied, Patience);
            Assert.Null(await Lock(_store).TryAcquireAsync(cancellationToken: Stop));
        }

        return await Lock(_store).AcquireAsync(Patience, Stop);
    }

    private async Task<Partitions> StartPartitionsAsync()
    {
        Partitions partitions = _store.CreatePartitions(_prefix + "/partitions", new PartitionsOptions
        {
            Count = PartitionCount,
            MemberId = "a",
            Contender = _options,
            OnAcquiring = (owned, _) =>
            {
                _owned.Enqueue(owned);
                return Task.CompletedTask;
            },
        });
        await partitions.StartAsync(Stop);
        await Eventually.HoldsAsync(() => partitions.Owned.Count == PartitionCount);
        return partitions;
    }
}
