using ConfigClients.Conformance.Leading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ConfigClients.Tests;

public sealed class LeaderServiceOptionsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_in_the_options_keep_the_host_from_starting_and_are_all_listed()
    {
        OptionsValidationException failure = await FailureAsync(options =>
        {
            options.SessionTtl = TimeSpan.FromSeconds(9);
            options.Grace = TimeSpan.FromSeconds(5);
            options.BackOff = TimeSpan.Zero;
            options.MaxBackOff = TimeSpan.FromHours(1);
            options.Payload = new byte[350 * 1024 + 1];
        });

        Assert.Equal(
            ["SessionTtl is 9 s", "Grace is 5 s", "BackOff is 0 s", "MaxBackOff is 3600 s", "Payload has 358401 bytes"],
            failure.Failures.Select(static fault => fault["Leader service \"elections/a\": ".Length..].Split(';')[0]));
    }

    [Theory]
    [InlineData(40, 20, true)]
    [InlineData(10, 0, true)]
    [InlineData(10, 5, true)]
    [InlineData(10, 6, false)]
    [InlineData(15, -1, false)]
    [InlineData(41, 3, false)]
    public async Task The_grace_is_at_most_half_of_the_ttl(int ttlSeconds, int graceSeconds, bool isRight)
    {
        void Configure(LeaderServiceOptions options) =>
            (options.SessionTtl, options.Grace) = (TimeSpan.FromSeconds(ttlSeconds), TimeSpan.FromSeconds(graceSeconds));

        if (!isRight)
        {
            await FailureAsync(Configure);
            return;
        }

        await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded(options => options.InMemory = true).Build();
        LeaderStage stage = new();
        using IHost host = await LeaderHosts.StartAsync(store, "elections/a", stage, Configure);
        Assert.True((await stage.LeadAsync(1)).IsLeader);
        await host.StopAsync(Stop);
    }

    [Fact]
    public void Two_leader_services_must_not_share_an_election()
    {
        IServiceCollection services = new ServiceCollection().AddLeaderService<StagedLeader>("elections/a");

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => services.AddLeaderService<StagedLeader>("elections/a"));

        Assert.Contains("\"elections/a\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_election_is_a_key() => Assert.Throws<ArgumentException>(() => new ServiceCollection().AddLeaderService<StagedLeader>("/elections"));

    [Fact]
    public async Task Without_a_store_the_host_says_what_is_missing()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new LeaderStage()).AddLeaderService<StagedLeader>("elections/a");
        using IHost host = builder.Build();

        InvalidOperationException missing = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Stop));

        Assert.Contains("AddDistributedConfig()", missing.Message, StringComparison.Ordinal);
    }

    private static async Task<OptionsValidationException> FailureAsync(Action<LeaderServiceOptions> configure)
    {
        await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded(options => options.InMemory = true).Build();
        return await Assert.ThrowsAsync<OptionsValidationException>(() => LeaderHosts.StartAsync(store, "elections/a", new LeaderStage(), configure));
    }
}
