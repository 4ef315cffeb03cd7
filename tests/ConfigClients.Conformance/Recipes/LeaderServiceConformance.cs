using ConfigClients.Conformance.Leading;
using ConfigClients.Recipes;
using Microsoft.Extensions.Hosting;

namespace ConfigClients.Conformance.Recipes;

/// <summary>Of several hosts on one store exactly one works, and the next one goes on when that is gone.</summary>
public abstract class LeaderServiceConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_of_two_hosts_works_and_stopping_it_hands_over_at_once()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string election = fixture.NewPrefix();
        LeaderStage stage = new();
        using IHost first = await LeaderHosts.StartAsync(clients[0], election, stage);
        Leadership before = await stage.LeadAsync(1);
        using IHost second = await LeaderHosts.StartAsync(clients[1], election, stage);
        await CandidatesAsync(clients[0], election, 2);

        await first.StopAsync(Stop);
        Leadership after = await stage.LeadAsync(2);
        int inside = stage.Inside;
        await second.StopAsync(Stop);

        Assert.Equal((1, 1, 0, (2, 2)), (inside, stage.Most, stage.Inside, stage.Count));
        Assert.True(after.Term > before.Term);
        await CandidatesAsync(clients[0], election, 0);
    }

    [Fact]
    public async Task A_lead_that_is_lost_stops_its_service_and_the_other_host_goes_on()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string election = fixture.NewPrefix();
        LeaderStage stage = new();
        using IHost first = await LeaderHosts.StartAsync(clients[0], election, stage, options => options.BackOff = options.MaxBackOff = TimeSpan.FromMinutes(1));
        Leadership before = await stage.LeadAsync(1);
        using IHost second = await LeaderHosts.StartAsync(clients[1], election, stage);
        await CandidatesAsync(clients[0], election, 2);

        await clients[1].DeleteAsync(before.Hold.SeatKey, cancellationToken: Stop);
        Leadership after = await stage.LeadAsync(2);
        await Eventually.HoldsAsync(() => stage.Inside == 1);

        Assert.Equal((false, true, LockLossReason.SeatRemoved), (before.IsLeader, after.IsLeader, before.Hold.LossReason));
        Assert.True(after.Term > before.Term);
        await Task.WhenAll(first.StopAsync(Stop), second.StopAsync(Stop));
    }

    private static Task<int> CandidatesAsync(IConfigStore store, string election, int count) =>
        Eventually.ReadAsync(async () => (await store.ListAsync(election, Stop)).Entries.Count, seats => seats == count);
}
