using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof;

public sealed class LockChecksTests
{
    [Fact]
    public void Holds_one_after_the_other_with_rising_tokens_are_right()
    {
        Hold[] holds = [Held(0, 7, 100, 200), Held(0, 9, 200, 300), Held(1, 8, 150, 250)];

        Assert.Empty(LockChecks.TokenFaults(holds));
        Assert.Empty(LockChecks.OverlapFaults(holds));
    }

    [Theory]
    [InlineData(9, 7)]
    [InlineData(7, 7)]
    public void A_token_that_does_not_rise_is_a_fault(long first, long second) =>
        Assert.Single(LockChecks.TokenFaults([Held(0, first, 100, 200), Held(0, second, 300, 400)]));

    [Fact]
    public void Two_holders_at_a_time_are_a_fault() =>
        Assert.Contains("tokens 7 and 9", Assert.Single(LockChecks.OverlapFaults([Held(0, 9, 199, 300), Held(0, 7, 100, 200)])), StringComparison.Ordinal);

    [Fact]
    public void A_long_hold_is_compared_with_all_that_begin_in_it() =>
        Assert.Equal(2, LockChecks.OverlapFaults([Held(0, 1, 100, 500), Held(0, 2, 200, 210), Held(0, 3, 300, 310)]).Count());

    [Fact]
    public void Who_is_killed_or_stopped_believes_no_longer_than_the_clock_allows()
    {
        Hold stopped = new(Arm.Fenced, 0, 7, start: 100, validUntil: 1000);
        stopped.Look(at: 200, validUntil: 1100);
        stopped.Lose(LossKind.TimePassed);
        Hold told = new(Arm.Fenced, 0, 7, start: 100, validUntil: 1000);
        told.Look(at: 200, validUntil: 1100);
        told.Lose(LossKind.Told);
        Hold killed = new(Arm.Fenced, 0, 7, start: 100, validUntil: 1000);
        killed.EndAt(2000);

        Assert.Equal((1100, 200, 1000), (stopped.End, told.End, killed.End));
    }

    [Fact]
    public void A_resource_that_does_not_look_at_tokens_loses_updates_and_one_that_does_refuses()
    {
        ResourceState open = new();
        ResourceState fenced = new();
        foreach ((ResourceState state, bool isFenced) in new[] { (open, false), (fenced, true) })
        {
            state.Read(7, isFenced);
            state.Read(9, isFenced);
            state.Write(9, 1, isFenced);
            state.Write(7, 1, isFenced);
        }

        Assert.Equal((1L, 1, 0), (open.Lost, open.StaleTaken, open.Refused));
        Assert.Equal((0L, 0, 1), (fenced.Lost, fenced.StaleTaken, fenced.Refused));
        Assert.Single(LockChecks.ResourceFaults([open]));
        Assert.Empty(LockChecks.ResourceFaults([fenced]));
    }

    [Theory]
    [InlineData(9, "lost")]
    [InlineData(12, "can have been applied")]
    public void A_counter_with_less_than_was_confirmed_or_more_than_can_be_is_a_fault(long value, string fault) =>
        Assert.Contains(fault, new StoreCounter { Tried = 12, Applied = 10, NotApplied = 1 }.Fault(value), StringComparison.Ordinal);

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public void A_counter_may_have_what_is_not_known(long value) =>
        Assert.Null(new StoreCounter { Tried = 12, Applied = 10, NotApplied = 1 }.Fault(value));

    private static Hold Held(int number, long token, long start, long end)
    {
        Hold hold = new(Arm.Fenced, number, token, start, long.MaxValue);
        hold.EndAt(end);
        return hold;
    }
}
