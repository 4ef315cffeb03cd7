using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>A ping at a third of the time-out, the end at two thirds.</summary>
public sealed class ZooKeeperPulseTests
{
    [Theory]
    [InlineData(0, 0, nameof(ZooKeeperPulseAction.Wait), 3)]
    [InlineData(2, 1, nameof(ZooKeeperPulseAction.Wait), 1)]
    [InlineData(0, 5, nameof(ZooKeeperPulseAction.Wait), 1)]
    [InlineData(3, 3, nameof(ZooKeeperPulseAction.Ping), 3)]
    [InlineData(3, 5, nameof(ZooKeeperPulseAction.Ping), 1)]
    [InlineData(0, 6, nameof(ZooKeeperPulseAction.GiveUp), 0)]
    [InlineData(9, 9, nameof(ZooKeeperPulseAction.GiveUp), -3)]
    public void A_session_of_nine_seconds(int sinceSent, int sinceAnswered, string action, int look)
    {
        ZooKeeperPulse pulse = new(TimeSpan.FromSeconds(9));

        ZooKeeperPulseAction decided = pulse.Decide(TimeSpan.FromSeconds(sinceSent), TimeSpan.FromSeconds(sinceAnswered), out TimeSpan next);

        Assert.Equal((action, TimeSpan.FromSeconds(look)), (decided.ToString(), next));
    }
}
