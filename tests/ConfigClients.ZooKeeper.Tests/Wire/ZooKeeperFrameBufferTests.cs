using System.Buffers.Binary;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Frames come whole out of whatever pieces the network makes of them.</summary>
public sealed class ZooKeeperFrameBufferTests
{
    private const int Max = 1 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    [InlineData(200_000)]
    public void Pieces_of_any_size_give_the_same_frames(int piece)
    {
        Random random = new(1);
        byte[][] frames = [.. Enumerable.Range(0, 60).Select(i => Random(random, i % 20 == 7 ? 150_000 : random.Next(16, 3000)))];

        List<byte[]> taken = [.. Cut(frames.SelectMany(Framed), piece).Select(static frame => frame.Bytes)];

        Assert.Equal(frames.Length, taken.Count);
        Assert.All(frames.Zip(taken), static pair => Assert.Equal(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(65536)]
    public void A_frame_that_is_too_long_shows_its_header_and_is_passed_over(int piece)
    {
        Random random = new(2);
        byte[] before = Random(random, 20);
        byte[] tooLong = Random(random, Max + 1);
        byte[] behind = Random(random, 30);

        List<(byte[] Bytes, int Length)> taken = [.. Cut(new[] { before, tooLong, behind }.SelectMany(Framed), piece)];

        Assert.Equal([20, Max + 1, 30], taken.Select(static frame => frame.Length));
        Assert.Equal(tooLong[..16], taken[1].Bytes);
        Assert.Equal(behind, taken[2].Bytes);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(ZooKeeperFrameBuffer.AbsurdBytes + 1)]
    public void A_length_that_is_none_is_a_violation_before_anything_is_allocated_for_it(int length)
    {
        using ZooKeeperFrameBuffer buffer = new(Max);
        BinaryPrimitives.WriteInt32BigEndian(buffer.Free.Span, length);
        buffer.Advance(4);
        long before = GC.GetAllocatedBytesForCurrentThread();

        ZooKeeperException failure = Assert.Throws<ZooKeeperException>(() => buffer.TryTake(out _, out _));

        Assert.Equal(ZooKeeperError.ProtocolViolation, failure.Error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void A_promised_length_takes_no_room_until_bytes_arrive()
    {
        using ZooKeeperFrameBuffer buffer = new(64 * Max);
        BinaryPrimitives.WriteInt32BigEndian(buffer.Free.Span, 64 * Max);
        buffer.Advance(4);

        Assert.False(buffer.TryTake(out _, out _));
        Assert.InRange(buffer.Free.Length, 1, 256 * 1024);
    }

    private static IEnumerable<(byte[] Bytes, int Length)> Cut(IEnumerable<byte> stream, int piece)
    {
        using ZooKeeperFrameBuffer buffer = new(Max);
        foreach (byte[] chunk in stream.Chunk(piece))
        {
            int done = 0;
            while (done < chunk.Length)
            {
                Memory<byte> free = buffer.Free;
                int bytes = Math.Min(free.Length, chunk.Length - done);
                chunk.AsSpan(done, bytes).CopyTo(free.Span);
                buffer.Advance(bytes);
                done += bytes;
                while (TryTake(buffer) is { } frame)
                {
                    yield return frame;
                }
            }
        }
    }

    private static (byte[] Bytes, int Length)? TryTake(ZooKeeperFrameBuffer buffer) =>
        buffer.TryTake(out ReadOnlySpan<byte> frame, out int length) ? (frame.ToArray(), length) : null;

    private static byte[] Framed(byte[] frame)
    {
        byte[] framed = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, frame.Length);
        frame.CopyTo(framed, 4);
        return framed;
    }

    private static byte[] Random(Random random, int bytes)
    {
        byte[] frame = new byte[bytes];
        random.NextBytes(frame);
        return frame;
    }
}
