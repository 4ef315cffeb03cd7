using ConfigClients.Adapters;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class ReadPacingTests
{
    private const int Most = 128;

    private ReadPacing _pacing;

    [Fact]
    public void Who_is_alone_and_who_is_second_go_at_once()
    {
        bool first = _pacing.MayGo(1, Most);
        _pacing.Sent(1);
        bool second = _pacing.MayGo(1, Most);
        _pacing.Sent(1);

        Assert.Equal((true, true, false), (first, second, _pacing.MayGo(100, Most)));
    }

    [Fact]
    public void With_one_outstanding_the_next_waits_for_half_of_the_readers()
    {
        _pacing.Sent(32);
        _pacing.Sent(20);
        _pacing.Ended(20, waiting: 12);

        Assert.Equal((false, true), (_pacing.MayGo(31, Most), _pacing.MayGo(32, Most)));
    }

    [Fact]
    public void With_none_outstanding_nobody_waits()
    {
        _pacing.Sent(32);
        _pacing.Sent(32);
        _pacing.Ended(32, waiting: 0);
        _pacing.Ended(32, waiting: 1);

        Assert.True(_pacing.MayGo(1, Most));
    }

    [Fact]
    public void No_more_are_waited_for_than_one_request_holds()
    {
        _pacing.Sent(8);
        _pacing.Sent(8);
        _pacing.Ended(8, waiting: 200);

        Assert.True(_pacing.MayGo(8, most: 8));
    }
}
