namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Decides when to ping and when a connection is dead, from the times of the last request and the last answer.</summary>
/// <remarks>
/// A third of the session's time-out without a request calls for a ping; two thirds without a whole answer are the end, which leaves a third to
/// find another server. Single bytes and events do not count as answers: a server that only trickles, or only talks, is of no use.
/// </remarks>
internal readonly struct ZooKeeperPulse(TimeSpan sessionTimeout)
{
    private readonly TimeSpan _pingAfter = sessionTimeout / 3;
    private readonly TimeSpan _deadAfter = sessionTimeout / 3 * 2;

    /// <summary>What to do now.</summary>
    /// <param name="sinceSent">Since the last request was sent.</param>
    /// <param name="sinceAnswered">Since the last answer came.</param>
    /// <param name="look">When to look again.</param>
    public ZooKeeperPulseAction Decide(TimeSpan sinceSent, TimeSpan sinceAnswered, out TimeSpan look)
    {
        TimeSpan left = _deadAfter - sinceAnswered;
        bool isDead = left <= TimeSpan.Zero;
        bool isDue = sinceSent >= _pingAfter;
        TimeSpan untilPing = isDue ? _pingAfter : _pingAfter - sinceSent;
        look = untilPing < left ? untilPing : left;
        return isDead ? ZooKeeperPulseAction.GiveUp : isDue ? ZooKeeperPulseAction.Ping : ZooKeeperPulseAction.Wait;
    }
}
