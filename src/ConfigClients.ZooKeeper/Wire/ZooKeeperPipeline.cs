namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The requests of one connection: what goes out next, and what is awaited, in order.</summary>
/// <remarks>
/// All members take the outbox's gate, which is never held while anything is awaited. Filling copies the callers' data; a caller who
/// cancels afterwards may use his buffer again at once.
/// </remarks>
/// <param name="outbox">Where callers' requests wait.</param>
/// <param name="batching">How many gets may share a request.</param>
/// <param name="session">The session the connection serves.</param>
/// <param name="time">The clock.</param>
/// <param name="chroot">What the server's paths begin with.</param>
internal sealed class ZooKeeperPipeline(
    ZooKeeperOutbox outbox, ZooKeeperReadBatching batching, ZooKeeperClientSession session, TimeProvider time, string chroot)
{
    private const int FlushBytes = 64 * 1024;
    private readonly ZooKeeperRequestQueue _control = new();
    private readonly ZooKeeperInFlight _inFlight = new(time);
    private readonly ZooKeeperGathering _gathering = new(outbox, batching);
    private int _xid;
    private bool _open;
    private bool _sending;
    private bool _closed;

    /// <summary>Whether the server takes only reads.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>When something was last written to the connection.</summary>
    public long LastSentAt { get; private set; } = time.GetTimestamp();

    /// <summary>Whether nothing is awaited. Under the gate.</summary>
    public bool IsIdle => _inFlight.IsIdle;

    /// <summary>Lets callers' requests through.</summary>
    public void Open(bool isReadOnly)
    {
        lock (outbox.Gate)
        {
            IsReadOnly = isReadOnly;
            _open = true;
        }
    }

    /// <summary>Adds a request of the connection itself. It goes before all others.</summary>
    public void Submit(ZooKeeperControlRequest request)
    {
        lock (outbox.Gate)
        {
            if (!_closed)
            {
                _control.Enqueue(request);
                return;
            }
        }

        request.Fail(new ZooKeeperException(ZooKeeperError.ConnectionLoss, "The connection is closed."));
    }

    /// <summary>Claims the right to send; only one loop sends at a time.</summary>
    /// <returns>Whether there is something to send and nobody sends.</returns>
    public bool TryStartSending()
    {
        lock (outbox.Gate)
        {
            if (_sending || _closed || (_control.Head is null && !(_open && _gathering.CanTake())))
            {
                return false;
            }

            _sending = true;
            return true;
        }
    }

    /// <summary>Writes what may go out now.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="isClosed">Whether nothing will ever go out again.</param>
    /// <returns>False if there was nothing: the right to send is given back.</returns>
    public bool Fill(ZooKeeperWriter writer, out bool isClosed)
    {
        lock (outbox.Gate)
        {
            long now = time.GetTimestamp();
            while (!_closed && writer.Length < FlushBytes && (_control.TryDequeue() ?? (_open ? _gathering.TryTake() : null)) is { } request)
            {
                Write(request, writer, now);
            }

            if (writer.Length > 0)
            {
                LastSentAt = now;
            }

            isClosed = _closed;
            return _sending = writer.Length > 0;
        }
    }

    /// <inheritdoc cref="ZooKeeperInFlight.TakeAnswered"/>
    public ZooKeeperRequest TakeAnswered(int xid)
    {
        lock (outbox.Gate)
        {
            ZooKeeperRequest answered = _inFlight.TakeAnswered(xid);
            _gathering.Answered(answered);
            return answered;
        }
    }

    /// <summary>Has the members of a batch sent again, in another way. They were only read, so nothing happens twice.</summary>
    public void SendAgain(ZooKeeperReadBatch batch, bool alone)
    {
        lock (outbox.Gate)
        {
            for (int i = batch.Members.Count - 1; i >= 0; i--)
            {
                batch.Members[i].Alone = alone;
                outbox.PutBack(batch.Members[i]);
            }
        }

        batch.Empty();
    }

    /// <summary>Ends the wait of everything that was sent and not answered, and of the connection's own requests. Nothing goes out any more.</summary>
    /// <returns>Whether nobody is sending.</returns>
    public bool Close(Exception reason)
    {
        List<ZooKeeperRequest> lost = [];
        bool nobodySends;
        lock (outbox.Gate)
        {
            _closed = true;
            nobodySends = !_sending;
            _open = false;
            _inFlight.DrainTo(lost);
            while (_control.TryDequeue() is { } request)
            {
                lost.Add(request);
            }
        }

        foreach (ZooKeeperRequest request in lost)
        {
            request.Lose(reason);
            request.ReleaseByWire();
        }

        return nobodySends;
    }

    /// <inheritdoc cref="ZooKeeperInFlight.Expire"/>
    public long? Expire(TimeSpan timeout)
    {
        lock (outbox.Gate)
        {
            return _inFlight.Expire(timeout);
        }
    }

    private void Write(ZooKeeperRequest request, ZooKeeperWriter writer, long now)
    {
        request.Place = ZooKeeperRequestPlace.None;
        if (request is ZooKeeperReadyRequest ready)
        {
            ready.Answer(session);
            ready.ReleaseByWire();
        }
        else if ((Refusal(request) ?? TryWrite(request, writer, now)) is { } refusal)
        {
            request.Fail(refusal);
            request.ReleaseByWire();
        }
        else
        {
            _inFlight.Add(request);
            _gathering.Sent(request);
        }
    }

    /// <returns>Why it could not be written.</returns>
    private Exception? TryWrite(ZooKeeperRequest request, ZooKeeperWriter writer, long now)
    {
        request.Xid = request is ZooKeeperControlRequest { ControlXid: not 0 } control ? control.ControlXid : _xid = ZooKeeperXid.Next(_xid);
        request.SentAt = now;
        int start = writer.BeginFrame();
        try
        {
            writer.WriteInt32(request.Xid);
            writer.WriteInt32((int)request.OpCode);
            request.WriteBody(writer, chroot);
        }
#pragma warning disable CA1031 // What a caller handed in may be anything, such as a list that changes meanwhile. It must cost nobody else the connection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            writer.Rewind(start);
            return e;
        }

        int bytes = writer.Length - start - 4;
        return writer.TryEndFrame(start, ZooKeeperWriter.MaxFrameBytes) ? null : ZooKeeperFailures.TooLarge(request.Path, bytes);
    }

    private ZooKeeperException? Refusal(ZooKeeperRequest request)
    {
        if (request.OpCode == ZooKeeperOpCode.Check)
        {
            return new ZooKeeperException(ZooKeeperError.NotSupported, "A check alone damages the log of some servers; it goes only inside a multi.");
        }

        if (request.Session is { } bound && (bound != session || bound.State == SessionState.Lost))
        {
            return IsReadOnly && bound.State != SessionState.Lost ? ZooKeeperFailures.ReadOnly(request) : ZooKeeperFailures.SessionOver(request);
        }

        return IsReadOnly && request.IsWrite ? ZooKeeperFailures.ReadOnly(request) : null;
    }
}
