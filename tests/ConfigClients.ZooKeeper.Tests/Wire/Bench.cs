using ConfigClients.ZooKeeper.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>An outbox and a pipeline without a network: what would be sent can be looked at, what would be answered can be made up.</summary>
internal sealed class Bench : IDisposable
{
    public const long SessionId = 0x0100001dafd1003d;

    public Bench(string chroot = "", bool open = true, int sessionSeconds = 3600, TimeSpan? requestTimeout = null)
    {
        Chroot = chroot;
        Outbox = new ZooKeeperOutbox(Time, requestTimeout ?? TimeSpan.FromSeconds(10));
        Watches = new ZooKeeperWatches(Outbox, Time, TimeSpan.FromSeconds(10), 100, NullLogger.Instance);
        Session = NewSession(sessionSeconds);
        Pipeline = new ZooKeeperPipeline(Outbox, Batching, Session, Time, chroot);
        if (open)
        {
            Pipeline.Open(isReadOnly: false);
        }
    }

    public string Chroot { get; }

    public FakeTimeProvider Time { get; } = new();

    public ZooKeeperOutbox Outbox { get; }

    public ZooKeeperWatches Watches { get; }

    public ZooKeeperReadBatching Batching { get; } = new();

    public ZooKeeperClientSession Session { get; }

    public ZooKeeperPipeline Pipeline { get; }

    public ZooKeeperProgress Progress { get; } = new();

    public ZooKeeperClientSession NewSession(int seconds = 3600) =>
        new(new ZooKeeperWelcome(TimeSpan.FromSeconds(seconds), SessionId, new byte[16], false), Time.GetTimestamp(), static _ => { }, Time);

    public ValueTask<T> SubmitAsync<T>(ZooKeeperRequestOf<T> request) => Outbox.SubmitAsync(request, CancellationToken.None);

    /// <summary>Submits a request that nobody awaits.</summary>
    public T Submit<T>(T request)
        where T : ZooKeeperRequest
    {
        Outbox.Submit(request);
        return request;
    }

    /// <summary>What would go out now.</summary>
    public byte[] Sent()
    {
        using ZooKeeperWriter writer = new();
        Pipeline.Fill(writer, out _);
        return writer.Written.ToArray();
    }

    /// <summary>The frames that would go out now, without their lengths.</summary>
    public IReadOnlyList<byte[]> SentFrames()
    {
        List<byte[]> frames = [];
        ReadOnlySpan<byte> rest = Sent();
        while (rest.Length > 0)
        {
            int bytes = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(rest);
            frames.Add(rest.Slice(4, bytes).ToArray());
            rest = rest[(4 + bytes)..];
        }

        return frames;
    }

    /// <summary>Takes an answer: header and body, without the length.</summary>
    public void Answer(ReadOnlySpan<byte> frame)
    {
        ZooKeeperReader reader = new(frame);
        ZooKeeperRequest request = Pipeline.TakeAnswered(reader.ReadInt32());
        long zxid = reader.ReadInt64();
        ZooKeeperError error = (ZooKeeperError)reader.ReadInt32();
        if (error == ZooKeeperError.None)
        {
            request.Succeed(ref reader, zxid, Chroot);
            Batching.Observe(request);
        }
        else
        {
            request.Refuse(error, zxid);
        }

        request.ReleaseByWire();
    }

    public void Dispose() => Outbox.Dispose();
}
