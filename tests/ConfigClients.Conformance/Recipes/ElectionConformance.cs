using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>One leader at a time, a term that rises, and observers who end with the leader that there is.</summary>
public abstract class ElectionConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_comes_first_leads_until_he_resigns_and_then_the_next()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        Leadership first = await clients[0].CreateElection(name).CampaignAsync(TestValues.Of("one"), Stop);
        Task<Leadership> campaign = clients[1].CreateElection(name).CampaignAsync(TestValues.Of("two"), Stop);
        await Eventually.ReadAsync(async () => (await clients[0].ListAsync(name, Stop)).Entries.Count, static seats => seats == 2);
        Leader? before = await clients[1].CreateElection(name).GetLeaderAsync(Stop);
        bool isEarly = campaign.IsCompleted;

        await first.DisposeAsync();
        await using Leadership second = await campaign.WaitAsync(Eventually.Deadline, Stop);
        Leader? after = await clients[0].CreateElection(name).GetLeaderAsync(Stop);

        Assert.Equal((first.Term, false, false, second.Term), (before!.Term, isEarly, first.IsLeader, after!.Term));
        Assert.True(second.Term > first.Term && second.IsLeader);
        Assert.Equal("two", System.Text.Encoding.UTF8.GetString(after.Payload.Span));
    }

    [Fact]
    public async Task Observers_see_leaders_payloads_and_the_absence_of_both()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        List<string> seen = [];
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task observing = ObserveAsync(clients[1].CreateElection(name), seen, enough.Token);
        await Eventually.HoldsAsync(() => Seen() is [.., "nobody"]);

        Leadership leader = await clients[0].CreateElection(name).CampaignAsync(TestValues.Of("one"), Stop);
        await Eventually.HoldsAsync(() => Seen() is [.., "one"]);
        bool isSet = await leader.SetPayloadAsync(TestValues.Of("one, port 80"), Stop);
        await Eventually.HoldsAsync(() => Seen() is [.., "one, port 80"]);
        await leader.DisposeAsync();
        await Eventually.HoldsAsync(() => Seen() is [.., "nobody"]);
        bool isSetAfter = await leader.SetPayloadAsync(TestValues.Of("still me"), Stop);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => observing);

        Assert.Equal((true, false), (isSet, isSetAfter));

        string[] Seen()
        {
            lock (seen)
            {
                return [.. seen];
            }
        }
    }

    private static async Task ObserveAsync(LeaderElection election, List<string> seen, CancellationToken cancellationToken)
    {
        await foreach (Leader? leader in election.ObserveAsync(cancellationToken))
        {
            lock (seen)
            {
                seen.Add(leader is null ? "nobody" : System.Text.Encoding.UTF8.GetString(leader.Payload.Span));
            }
        }
    }
}
