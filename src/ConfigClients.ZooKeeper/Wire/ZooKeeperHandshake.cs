using System.Buffers.Binary;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The first words on a connection: which session it is to serve.</summary>
/// <param name="LastZxid">How far the client has seen the history; a server behind that closes without an answer.</param>
/// <param name="Timeout">The time-out asked for.</param>
/// <param name="SessionId">The session to take over; 0 for a new one.</param>
/// <param name="Password">What proves that it is ours.</param>
/// <param name="AllowReadOnly">Whether a server without quorum will do.</param>
internal sealed record ZooKeeperHandshake(long LastZxid, TimeSpan Timeout, long SessionId, ReadOnlyMemory<byte> Password, bool AllowReadOnly)
{
    private const int MaxAnswerBytes = 1024;
    private static readonly byte[] NoPassword = new byte[16];

    /// <summary>For a new session.</summary>
    public static ZooKeeperHandshake New(long lastZxid, TimeSpan timeout, bool allowReadOnly) => new(lastZxid, timeout, 0, NoPassword, allowReadOnly);

    /// <summary>For a session that exists. Never with a read-only server, which cannot have it.</summary>
    public static ZooKeeperHandshake Resume(long lastZxid, TimeSpan timeout, ZooKeeperClientSession session) =>
        new(lastZxid, timeout, session.Id, session.Password.ToArray(), AllowReadOnly: false);

    /// <summary>Writes the frame.</summary>
    public void Write(ZooKeeperWriter writer)
    {
        int start = writer.BeginFrame();
        writer.WriteInt32(0);
        writer.WriteInt64(LastZxid);
        writer.WriteInt32((int)Timeout.TotalMilliseconds);
        writer.WriteInt64(SessionId);
        writer.WriteSecret(Password.Span);
        writer.WriteBoolean(AllowReadOnly);
        _ = writer.TryEndFrame(start, ZooKeeperWriter.MaxFrameBytes);
    }

    /// <summary>Sends it and reads the answer.</summary>
    /// <exception cref="EndOfStreamException">The server closed without an answer: it does not serve, is behind, or is full.</exception>
    /// <exception cref="ZooKeeperException">The answer is none, or is for another session.</exception>
    public async Task<ZooKeeperWelcome> ExchangeAsync(Stream stream, CancellationToken cancellationToken)
    {
        using (ZooKeeperWriter writer = new())
        {
            Write(writer);
            await stream.WriteAsync(writer.Written, cancellationToken).ConfigureAwait(false);
        }

        byte[] answer = new byte[MaxAnswerBytes];
        await stream.ReadExactlyAsync(answer.AsMemory(0, 4), cancellationToken).ConfigureAwait(false);
        int bytes = BinaryPrimitives.ReadInt32BigEndian(answer);
        if (bytes is < ZooKeeperFrameBuffer.HeaderBytes or > MaxAnswerBytes)
        {
            throw ZooKeeperReader.Violation($"a first answer of {bytes} bytes");
        }

        await stream.ReadExactlyAsync(answer.AsMemory(0, bytes), cancellationToken).ConfigureAwait(false);
        ZooKeeperWelcome welcome = ZooKeeperWelcome.Read(answer.AsSpan(0, bytes));
        return SessionId == 0 || welcome.IsExpired || welcome.SessionId == SessionId
            ? welcome
            : throw ZooKeeperReader.Violation("another session than the one asked for");
    }

    /// <summary>Ends the session that was just taken over, and waits until its ephemeral nodes are gone.</summary>
    public static async Task CloseAsync(Stream stream, CancellationToken cancellationToken)
    {
        using ZooKeeperWriter writer = new();
        int start = writer.BeginFrame();
        writer.WriteInt32(1);
        writer.WriteInt32((int)ZooKeeperOpCode.CloseSession);
        _ = writer.TryEndFrame(start, ZooKeeperWriter.MaxFrameBytes);
        await stream.WriteAsync(writer.Written, cancellationToken).ConfigureAwait(false);

        byte[] answer = new byte[4 + ZooKeeperFrameBuffer.HeaderBytes];
        _ = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"0x{SessionId:x}";
}
