using ConfigClients.Conformance.Faults;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>Everybody ends with the same list of who is there.</summary>
public abstract class MembershipConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_come_say_something_and_leave()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        await using MemberHandle a = await clients[0].CreateMembership(name).JoinAsync("a", TestValues.Of("1"), Stop);
        MemberHandle b = await clients[1].CreateMembership(name).JoinAsync("b", cancellationToken: Stop);
        MembershipView both = await clients[0].CreateMembership(name).GetViewAsync(Stop);

        bool isUpdated = await a.UpdateAsync(TestValues.Of("2"), Stop);
        await b.DisposeAsync();
        MembershipView one = await clients[1].CreateMembership(name).GetViewAsync(Stop);

        Assert.Equal(["a", "b"], both.Members.Select(static member => member.Id));
        Assert.Equal((a.Epoch, b.Epoch), (both.Find("a")!.Epoch, both.Find("b")!.Epoch));
        Assert.Equal((true, "2", a.Epoch), (isUpdated, System.Text.Encoding.UTF8.GetString(Assert.Single(one.Members).Payload.Span), one.Members[0].Epoch));
        Assert.Equal((true, false), (a.IsMember, b.IsMember));
    }

    [Fact]
    public async Task A_session_that_is_lost_as_its_member_joins_is_opened_anew()
    {
        await using InterruptedStore store = new(await fixture.OpenAsync(), static session => session.DisposeAsync().AsTask());

        await using MemberHandle member = await store.CreateMembership(fixture.NewPrefix()).JoinAsync("a", cancellationToken: Stop);

        Assert.True(member.IsMember);
    }

    [Fact]
    public async Task Views_follow_whoever_comes_and_goes()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string name = fixture.NewPrefix();
        MembershipView? last = null;
        List<long> revisions = [];
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task watching = Task.Run(async () =>
        {
            await foreach (MembershipView view in clients[2].CreateMembership(name).WatchAsync(enough.Token))
            {
                revisions.Add(view.Revision);
                Volatile.Write(ref last, view);
            }
        }, Stop);

        await using MemberHandle a = await clients[0].CreateMembership(name).JoinAsync("a", cancellationToken: Stop);
        await UntilAsync("a");
        MemberHandle b = await clients[1].CreateMembership(name).JoinAsync("b", cancellationToken: Stop);
        await UntilAsync("a,b");
        await b.DisposeAsync();
        await UntilAsync("a");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);

        Assert.Equal(revisions.Order(), revisions);

        Task UntilAsync(string ids) =>
            Eventually.HoldsAsync(() => Volatile.Read(ref last) is { } view && string.Join(',', view.Members.Select(static member => member.Id)) == ids);
    }

    [Fact]
    public async Task A_member_that_lost_its_place_comes_back_with_a_larger_epoch()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        await using MemberHandle member = await clients[0].CreateMembership(name).JoinAsync("a", TestValues.Of("here"), Stop);
        long before = member.Epoch;
        TaskCompletionSource<long> returned = new();
        member.Returned += returned.SetResult;

        await clients[1].DeleteAsync(name + "/a", cancellationToken: Stop);
        long epoch = await returned.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Member seen = Assert.Single((await clients[1].CreateMembership(name).GetViewAsync(Stop)).Members);

        Assert.True(epoch > before);
        Assert.Equal(("a", epoch, "here"), (seen.Id, seen.Epoch, System.Text.Encoding.UTF8.GetString(seen.Payload.Span)));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_waited_for()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        MemberHandle first = await clients[0].CreateMembership(name).JoinAsync("a", cancellationToken: Stop);
        Task<MemberHandle> joining = clients[1].CreateMembership(name).JoinAsync("a", cancellationToken: Stop);
        await Task.WhenAny(joining, Task.Delay(TimeSpan.FromMilliseconds(500), Stop));
        bool isEarly = joining.IsCompleted;

        await first.DisposeAsync();
        await using MemberHandle second = await joining.WaitAsync(Eventually.Deadline, Stop);

        Assert.False(isEarly);
        Assert.True(second.Epoch > first.Epoch);
        await Assert.ThrowsAsync<ArgumentException>(() => clients[0].CreateMembership(name).JoinAsync("a/b", cancellationToken: Stop));
    }
}
