using ConfigClients.Adapters;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class SessionDeadlineProperties
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Each byte is a step: time passes, a heartbeat is sent, the oldest or newest one is answered, the store ends the session.</summary>
    [Property(MaxTest = 100_000)]
    public bool Trust_ends_on_time_and_for_good_whatever_the_schedule(byte[] schedule)
    {
        FakeTimeProvider clock = new();
        long start = clock.GetTimestamp();
        SessionDeadline deadline = new(clock, Ttl, Interval, start);
        List<long> sent = [];
        TimeSpan proven = TimeSpan.Zero;
        bool lost = false;
        foreach (byte step in schedule)
        {
            int amount = step / 8;
            switch (step % 8)
            {
                case 0 or 1 or 2:
                    // Up to 4.65 s; the amounts meet the deadline exactly now and then (0.15 s divides 14.25 s).
                    clock.Advance(TimeSpan.FromMilliseconds(150 * amount));
                    break;
                case 3 or 4:
                    sent.Add(clock.GetTimestamp());
                    break;
                case 5 or 6 when sent.Count > 0:
                    int which = step % 8 == 5 ? 0 : sent.Count - 1;
                    bool inTime = !lost && Now() - proven < deadline.Trust;
                    TimeSpan sentAt = clock.GetElapsedTime(start, sent[which]);
                    deadline.Confirm(sent[which]);
                    proven = inTime && sentAt > proven ? sentAt : proven;
                    sent.RemoveAt(which);
                    break;
                case 7 when amount == 31:
                    deadline.End(SessionEndReason.EndedByStore);
                    lost = true;
                    break;
                default:
                    break;
            }

            lost |= Now() - proven >= deadline.Trust;

            // Not looked at after every step: a loss that nobody saw is as final as one that somebody did.
            if (step < 128 && !IsRight(deadline, Now() - proven, lost))
            {
                return false;
            }
        }

        return IsRight(deadline, Now() - proven, lost);

        TimeSpan Now() => clock.GetElapsedTime(start);
    }

    private static bool IsRight(SessionDeadline deadline, TimeSpan silence, bool lost)
    {
        SessionState expected = lost ? SessionState.Lost : silence > 2 * Interval ? SessionState.Suspended : SessionState.Healthy;
        TimeSpan left = lost ? TimeSpan.Zero : deadline.Trust - silence;
        return deadline.State == expected && deadline.ValidFor == left && (deadline.EndReason != SessionEndReason.None) == lost;
    }
}
