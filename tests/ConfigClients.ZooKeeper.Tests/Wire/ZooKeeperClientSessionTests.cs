using ConfigClients.ZooKeeper.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>A session's end by our own clock: on time, once, and for good.</summary>
public sealed class ZooKeeperClientSessionTests
{
    private readonly FakeTimeProvider _time = new();
    private int _lost;

    [Fact]
    public void It_is_lost_a_margin_before_its_time_out_counted_from_when_the_last_answered_request_was_sent()
    {
        ZooKeeperClientSession session = Session(10);
        _time.Advance(TimeSpan.FromSeconds(4));
        long sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(3));
        session.Confirm(sentAt);

        _time.Advance(TimeSpan.FromSeconds(6.4));
        SessionState before = session.State;
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal((SessionState.Suspended, SessionState.Lost, SessionEndReason.DeadlinePassed), (before, session.State, session.EndReason));
        Assert.Equal(1, _lost);
    }

    [Fact]
    public void One_that_is_over_is_not_taken_up_again()
    {
        ZooKeeperClientSession session = Session(10);
        _time.Advance(TimeSpan.FromSeconds(10));

        bool resumed = session.TryResume(TimeSpan.FromSeconds(10), _time.GetTimestamp());
        session.Confirm(_time.GetTimestamp());

        Assert.False(resumed);
        Assert.Equal((SessionState.Lost, TimeSpan.Zero, 1), (session.State, session.ValidFor, _lost));
    }

    [Fact]
    public void Another_server_may_grant_another_time_out()
    {
        ZooKeeperClientSession session = Session(10);
        _time.Advance(TimeSpan.FromSeconds(5));

        bool resumed = session.TryResume(TimeSpan.FromSeconds(40), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.True(resumed);
        Assert.Equal((SessionState.Healthy, TimeSpan.FromSeconds(40), 0), (session.State, session.Timeout, _lost));
    }

    [Fact]
    public void A_shorter_one_counts_from_then_on()
    {
        ZooKeeperClientSession session = Session(40);

        session.TryResume(TimeSpan.FromSeconds(4), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal((SessionState.Lost, 1), (session.State, _lost));
    }

    [Fact]
    public void The_first_reason_stays()
    {
        ZooKeeperClientSession session = Session(10);

        session.End(SessionEndReason.EndedByStore);
        session.End(SessionEndReason.Closed);

        Assert.Equal((SessionEndReason.EndedByStore, 1), (session.EndReason, _lost));
    }

    private ZooKeeperClientSession Session(int seconds) => new(
        new ZooKeeperWelcome(TimeSpan.FromSeconds(seconds), 1, new byte[16], false), _time.GetTimestamp(), _ => _lost++, _time);
}
