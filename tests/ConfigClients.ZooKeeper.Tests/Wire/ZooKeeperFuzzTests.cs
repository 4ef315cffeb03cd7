using System.Diagnostics;
using ConfigClients.ZooKeeper.Wire;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Spoiled and made-up bytes: an answer or an error of the one family, never another exception, a hang or an allocation that they promise.</summary>
public sealed class ZooKeeperFuzzTests
{
    private const int Rounds = 10_000;

    [Fact]
    public void Every_good_answer_is_taken() => Assert.All(ReplyCase.All, static reply => Assert.True(Take(reply, reply.Body)));

    [Fact]
    public void A_hundred_thousand_spoiled_answers_are_taken_or_refused()
    {
        Random random = new(20260801);
        int refused = 0;
        int taken = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (ReplyCase reply in ReplyCase.All)
        {
            for (int i = 0; i < Rounds; i++)
            {
                if (Take(reply, Mutation.Of(reply.Body, random)))
                {
                    taken++;
                }
                else
                {
                    refused++;
                }
            }
        }

        // Both happen: trailing bytes are no fault, flipped numbers are still numbers.
        Assert.True(taken + refused >= 100_000);
        Assert.InRange(refused, taken / 10, int.MaxValue);
        Assert.InRange(taken, 1000, int.MaxValue);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 120);
    }

    [Property(MaxTest = 20_000)]
    public bool Any_bytes_at_all_are_an_answer_or_a_violation(byte[] bytes, byte which)
    {
        Take(ReplyCase.All[which % ReplyCase.All.Count], bytes);
        return true;
    }

    [Property(MaxTest = 20_000)]
    public bool Any_bytes_at_all_are_a_welcome_or_an_error_of_the_family(byte[] bytes)
    {
        try
        {
            ZooKeeperWelcome welcome = ZooKeeperWelcome.Read(bytes);
            return welcome.IsExpired || (welcome.SessionId != 0 && welcome.Timeout <= TimeSpan.FromHours(1));
        }
        catch (ZooKeeperException)
        {
            return true;
        }
    }

    [Property]
    public Property Frames_in_any_pieces_come_out_whole() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[][]>(),
        ArbMap.Default.ArbFor<PositiveInt>(),
        (frames, piece) =>
        {
            byte[][] padded = [.. frames.Select(static frame => (byte[])[.. new byte[16], .. frame])];
            using ZooKeeperFrameBuffer buffer = new(1 << 20);
            List<byte[]> taken = [];
            foreach (byte[] chunk in padded.SelectMany(static frame => (byte[])[0, 0, (byte)(frame.Length >> 8), (byte)frame.Length, .. frame]).Chunk(piece.Get))
            {
                chunk.CopyTo(buffer.Free);
                buffer.Advance(chunk.Length);
                while (buffer.TryTake(out ReadOnlySpan<byte> frame, out _))
                {
                    taken.Add(frame.ToArray());
                }
            }

            return taken.Count == padded.Length && taken.Zip(padded).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second));
        });

    /// <returns>Whether the answer was taken; if not, it was refused as a violation.</returns>
    private static bool Take(ReplyCase reply, byte[] body)
    {
        ZooKeeperRequest request = reply.Ask();
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool taken = true;
        try
        {
            ZooKeeperReader reader = new(body);
            request.Succeed(ref reader, 1, "");
        }
        catch (ZooKeeperException e)
        {
            Assert.Equal(ZooKeeperError.ProtocolViolation, e.Error);
            request.Lose(e);
            taken = false;
        }

        // An exception is a few kilobytes; beyond that, some bytes per byte that is there.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024 + (64 * body.Length));
        request.ReleaseByWire();
        return taken;
    }
}
