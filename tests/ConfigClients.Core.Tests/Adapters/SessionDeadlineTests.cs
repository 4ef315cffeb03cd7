using ConfigClients.Adapters;
using ConfigClients.Core.Tests.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class SessionDeadlineTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Counts_from_when_the_heartbeat_was_sent_not_answered()
    {
        SessionDeadline deadline = New();

        long sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(9));
        deadline.Confirm(sentAt);
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(SessionState.Lost, deadline.State);
    }

    [Fact]
    public void Gives_up_a_twentieth_of_the_lifetime_early()
    {
        SessionDeadline deadline = New();

        _time.Advance(TimeSpan.FromSeconds(14.25) - TimeSpan.FromTicks(1));
        SessionState before = deadline.State;
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal((SessionState.Suspended, SessionState.Lost), (before, deadline.State));
        Assert.Equal((TimeSpan.FromSeconds(14.25), SessionEndReason.DeadlinePassed), (deadline.Trust, deadline.EndReason));
    }

    [Fact]
    public void Is_suspended_once_two_heartbeats_are_overdue()
    {
        SessionDeadline deadline = New();

        _time.Advance(2 * Interval);
        SessionState before = deadline.State;
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal((SessionState.Healthy, SessionState.Suspended), (before, deadline.State));
    }

    [Fact]
    public void A_late_answer_does_not_revive_a_lost_session()
    {
        SessionDeadline deadline = New();

        _time.Advance(TimeSpan.FromSeconds(14));
        long sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        deadline.Confirm(sentAt);

        Assert.Equal((SessionState.Lost, TimeSpan.Zero), (deadline.State, deadline.ValidFor));
    }

    [Fact]
    public void An_answer_to_an_older_heartbeat_does_not_shorten_the_trust()
    {
        SessionDeadline deadline = New();
        long older = _time.GetTimestamp();
        _time.Advance(Interval);
        long newer = _time.GetTimestamp();

        deadline.Confirm(newer);
        deadline.Confirm(older);

        Assert.Equal(deadline.Trust, deadline.ValidFor);
    }

    [Fact]
    public void The_first_reason_stays()
    {
        SessionDeadline deadline = New();

        deadline.End(SessionEndReason.EndedByStore);
        deadline.End(SessionEndReason.Closed);
        _time.Advance(Ttl);

        Assert.Equal(SessionEndReason.EndedByStore, deadline.EndReason);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(4)]
    [InlineData(10)]
    public void What_is_left_is_never_negative_however_long_the_thread_is_held_up(double seconds)
    {
        SessionDeadline deadline = new(new SteppingTimeProvider(TimeSpan.FromSeconds(seconds)), Ttl, Interval, 0);

        TimeSpan[] left = [.. Enumerable.Range(0, 100).Select(_ => deadline.ValidFor)];

        Assert.All(left, static span => Assert.InRange(span, TimeSpan.Zero, Ttl));
    }

    private SessionDeadline New() => new(_time, Ttl, Interval, _time.GetTimestamp());
}
