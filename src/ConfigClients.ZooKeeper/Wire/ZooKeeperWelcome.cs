namespace ConfigClients.ZooKeeper.Wire;

/// <summary>A server's answer to the first frame of a connection.</summary>
/// <param name="Timeout">The time-out granted; zero if the session is over, or never was.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Password">What proves that it is ours.</param>
/// <param name="IsReadOnly">Whether the server takes only reads.</param>
internal sealed record ZooKeeperWelcome(TimeSpan Timeout, long SessionId, ReadOnlyMemory<byte> Password, bool IsReadOnly)
{
    // Longer ones are not believed: relying on a session for a shorter time than granted is always right.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Whether there is no such session. A wrong password looks the same.</summary>
    public bool IsExpired => Timeout <= TimeSpan.Zero;

    /// <summary>Reads the answer.</summary>
    /// <param name="frame">Without its length.</param>
    /// <exception cref="ZooKeeperException">It is none, or the server cannot take the session.</exception>
    public static ZooKeeperWelcome Read(ReadOnlySpan<byte> frame)
    {
        ZooKeeperReader reader = new(frame);
        if (frame.Length == ZooKeeperFrameBuffer.HeaderBytes)
        {
            // A read-only server without local sessions answers as if this were an ordinary request.
            _ = reader.ReadInt32();
            _ = reader.ReadInt64();
            ZooKeeperError error = (ZooKeeperError)reader.ReadInt32();
            throw new ZooKeeperException(
                error == ZooKeeperError.NotReadOnly ? error : ZooKeeperError.ProtocolViolation,
                $"The server cannot take a session ({ZooKeeperFailures.Name(error)}).");
        }

        _ = reader.ReadInt32();
        TimeSpan timeout = TimeSpan.FromMilliseconds(reader.ReadInt32());
        long id = reader.ReadInt64();
        byte[] password = reader.ReadBuffer(out _).ToArray();
        bool isReadOnly = reader.Remaining > 0 && reader.ReadBoolean();
        return timeout <= TimeSpan.Zero || id != 0
            ? new ZooKeeperWelcome(timeout < Longest ? timeout : Longest, id, password, isReadOnly)
            : throw ZooKeeperReader.Violation("a session without a number");
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"0x{SessionId:x}";
}
