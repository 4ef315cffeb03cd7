namespace ConfigClients.ZooKeeper.Wire;

/// <summary>One request and whoever waits for its answer.</summary>
/// <remarks>
/// Two parties hold it: the caller, until it has taken the outcome, and the wire, until the answer came or can no longer come.
/// The outcome is decided once, by whoever claims it first: the answer, a failure, a cancellation or a time-out. A cancelled request
/// stays in its place among those in flight, so the stream is never out of step.
/// </remarks>
internal abstract class ZooKeeperRequest(ZooKeeperOpCode opCode, bool isWrite)
{
    private int _claimed;

    /// <summary>The kind of request.</summary>
    public ZooKeeperOpCode OpCode { get; protected set; } = opCode;

    /// <summary>Whether it changes anything at the server.</summary>
    public bool IsWrite { get; } = isWrite;

    /// <summary>What it is called in messages.</summary>
    public virtual string Name => OpCode.ToString();

    /// <summary>What it is about, as the caller spells it.</summary>
    public string Path { get; set; } = "/";

    /// <summary>The session it must be sent under, or null for any.</summary>
    public ZooKeeperClientSession? Session { get; set; }

    /// <summary>Its number on the connection it was sent on.</summary>
    public int Xid { get; set; }

    /// <summary>When the caller submitted it, by the client's clock.</summary>
    public long SubmittedAt { get; set; }

    /// <summary>When it was written to the connection, by the client's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>Where it is.</summary>
    public ZooKeeperRequestPlace Place { get; set; }

    /// <summary>Its neighbour in the queue it is in.</summary>
    public ZooKeeperRequest? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public ZooKeeperRequest? Previous { get; set; }

    /// <summary>Whether the outcome is decided.</summary>
    public bool IsClaimed => Volatile.Read(ref _claimed) != 0;

    /// <summary>Writes what follows the header.</summary>
    public abstract void WriteBody(ZooKeeperWriter writer, string chroot);

    /// <summary>Takes the answer. Throws a violation if it cannot be read; the outcome is then still open.</summary>
    /// <param name="reader">Behind the header.</param>
    /// <param name="zxid">The transaction number in the header.</param>
    /// <param name="chroot">To be stripped from paths.</param>
    public abstract void Succeed(ref ZooKeeperReader reader, long zxid, string chroot);

    /// <summary>Takes an answer that is an error.</summary>
    public virtual void Refuse(ZooKeeperError error, long zxid) => Fail(ZooKeeperFailures.Refused(this, error));

    /// <summary>Ends the wait with an exception, unless the outcome is decided.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Ends the wait because the connection is over.</summary>
    public virtual void Lose(Exception reason) => Fail(ZooKeeperFailures.Lost(this, reason));

    /// <summary>The wire is done with it. Called once per submission, after the outcome is decided.</summary>
    public abstract void ReleaseByWire();

    /// <summary>Makes the outcome the caller's to decide.</summary>
    protected bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    /// <summary>Makes it as new.</summary>
    protected void Unclaim()
    {
        Path = "/";
        Session = null;
        Place = ZooKeeperRequestPlace.None;
        Volatile.Write(ref _claimed, 0);
    }
}
