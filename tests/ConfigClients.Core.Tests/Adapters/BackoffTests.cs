using ConfigClients.Adapters;
using FsCheck.Xunit;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [Property(MaxTest = 100_000)]
    public bool Every_wait_lies_between_half_a_step_and_the_whole(int seed, byte resets)
    {
        Backoff backoff = new(First, Longest, new Random(seed));
        TimeSpan step = First;
        for (int i = 0; i < 12; i++)
        {
            TimeSpan wait = backoff.Next();
            if (wait < step / 2 || wait > step)
            {
                return false;
            }

            step = step * 2 < Longest ? step * 2 : Longest;
            if (resets % 12 == i)
            {
                backoff.Reset();
                step = First;
            }
        }

        return true;
    }

    [Fact]
    public void A_long_outage_overflows_nothing()
    {
        Backoff backoff = new(First, Longest, new Random(1));

        TimeSpan[] waits = [.. Enumerable.Range(0, 10_000).Select(_ => backoff.Next())];

        Assert.All(waits.Skip(10), static wait => Assert.InRange(wait, Longest / 2, Longest));
    }
}
