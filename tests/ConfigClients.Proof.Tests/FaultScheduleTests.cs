using ConfigClients.Proof.Faults;

namespace ConfigClients.Proof;

public sealed class FaultScheduleTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);

    [Fact]
    public void One_seed_makes_one_schedule() => Assert.Equal(Of(7).Endless().Take(100), Of(7).Endless().Take(100));

    [Fact]
    public void Another_seed_makes_another_one() => Assert.NotEqual(Of(7).Endless().Take(100), Of(8).Endless().Take(100));

    [Fact]
    public void It_has_faults_of_every_kind() =>
        Assert.Equal(Enum.GetValues<FaultKind>(), Of(7).Endless().Take(200).Select(static fault => fault.Kind).Distinct().Order());

    [Fact]
    public void A_stopped_client_is_stopped_for_longer_than_the_store_believes_in_it() =>
        Assert.All(Of(7).Endless().Take(100).Where(static fault => fault.Kind == FaultKind.PauseClient), static fault => Assert.True(fault.Length > Ttl * 2));

    private static FaultSchedule Of(int seed) => new(seed, clients: 8, Ttl, bound: Ttl * 2, hasServer: true, spacing: TimeSpan.FromSeconds(3));
}
