using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;
using ConfigClients.Recipes;

namespace ConfigClients.Etcd.Tests;

/// <summary>Locks and elections of this SDK and those of <c>etcdctl</c>, on one name.</summary>
public sealed class EtcdContenderTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Locks_of_both_wait_for_each_other_in_the_order_in_which_they_came()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        LockHandle first = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        await using EtcdContender second = await ContendAsync(clients[0], name, 2);
        Task<LockHandle> waiting = clients[1].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        await SeatsAsync(clients[0], name, 3);
        await using EtcdContender fourth = await ContendAsync(clients[0], name, 4);
        bool[] early = [second.IsHolder, waiting.IsCompleted, fourth.IsHolder];

        await first.DisposeAsync();
        string key = await second.HoldAsync().WaitAsync(Eventually.Deadline, Stop);
        bool[] afterFirst = [waiting.IsCompleted, fourth.IsHolder];
        LockHandle? looked = await clients[0].CreateLock(name).TryAcquireAsync(cancellationToken: Stop);
        await second.ReleaseAsync();
        LockHandle third = await waiting.WaitAsync(Eventually.Deadline, Stop);
        bool afterSecond = fourth.IsHolder;
        await third.DisposeAsync();
        await fourth.HoldAsync().WaitAsync(Eventually.Deadline, Stop);
        await fourth.ReleaseAsync();

        Assert.DoesNotContain(true, early.Concat(afterFirst).Append(afterSecond));
        Assert.Null(looked);
        Assert.StartsWith($"{name}/", key, StringComparison.Ordinal);
        Assert.True(third.FencingToken > first.FencingToken);
        await SeatsAsync(clients[0], name, 0);
    }

    [Fact]
    public async Task A_lock_of_etcdctl_is_listed_with_its_lease_and_without_a_name()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string name = fixture.NewPrefix();
        await using EtcdContender holder = await ContendAsync(store, name, 1);
        string key = await holder.HoldAsync().WaitAsync(Eventually.Deadline, Stop);

        Contender listed = Assert.Single(await store.CreateLock(name).GetContendersAsync(Stop));

        Assert.Equal((key, key[(name.Length + 1)..], null, null, true), (listed.SeatKey, listed.SessionId, listed.Name, listed.Since, listed.IsHolder));
    }

    [Fact]
    public async Task A_lock_of_etcdctl_that_is_killed_goes_on_to_the_next_when_its_lease_ends()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string name = fixture.NewPrefix();
        await using EtcdContender holder = await ContendAsync(store, name, 1, "--ttl=2");
        await holder.HoldAsync().WaitAsync(Eventually.Deadline, Stop);
        Task<LockHandle> waiting = store.CreateLock(name).AcquireAsync(cancellationToken: Stop);
        await SeatsAsync(store, name, 2);

        await holder.KillAsync();

        await using LockHandle next = await waiting.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.True(next.IsHeld);
    }

    [Fact]
    public async Task Elections_of_both_have_one_leader_whom_both_see()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string name = fixture.NewPrefix();
        LeaderElection election = store.CreateElection(name);
        Leadership lead = await election.CampaignAsync(TestValues.Of("ours"), Stop);
        await using EtcdContender candidate = await fixture.Server.Control.ContendAsync(["elect", name, "theirs"], Stop);
        await SeatsAsync(store, name, 2);
        await using EtcdContender observer = await fixture.Server.Control.ContendAsync(["elect", "--listen", name], Stop);
        await Eventually.HoldsAsync(() => observer.Lines.Contains("ours"));
        bool isEarly = candidate.IsHolder;

        await lead.DisposeAsync();
        await candidate.HoldAsync().WaitAsync(Eventually.Deadline, Stop);
        await Eventually.HoldsAsync(() => observer.Lines.Contains("theirs"));
        Leader? leader = await election.GetLeaderAsync(Stop);

        Assert.Equal((false, "theirs"), (isEarly, System.Text.Encoding.UTF8.GetString(leader!.Payload.Span)));
        Assert.True(leader.Term > lead.Term);
    }

    private static Task<int> SeatsAsync(IConfigStore store, string name, int count) =>
        Eventually.ReadAsync(async () => (await store.ListAsync(name, Stop)).Entries.Count, seats => seats == count);

    private async Task<EtcdContender> ContendAsync(IConfigStore store, string name, int seats, params string[] flags)
    {
        EtcdContender contender = await fixture.Server.Control.ContendAsync(["lock", .. flags, name], Stop);
        await SeatsAsync(store, name, seats);
        return contender;
    }
}
