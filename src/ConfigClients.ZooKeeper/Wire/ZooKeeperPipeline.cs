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

    // At three bytes each, still below what a server takes.
    private const int MaxBatchCharacters = 256 * 1024;

    private readonly ZooKeeperRequestQueue _control = new();
    private readonly ZooKeeperRequestQueue _inFlight = new();
    private readonly ZooKeeperRequestQueue _pings = new();
    private readonly ZooKeeperRequestQueue _auths = new();
    private readonly ZooKeeperRequestQueue _setWatches = new();
    private int _xid;
    private int _readsOut;
    private bool _open;
    private bool _sending;
    private bool _closed;

    /// <summary>Whether the server takes only reads.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>When something was last written to the connection.</summary>
    public long LastSentAt { get; private set; } = time.GetTimestamp();

    /// <summary>Whether nothing is awaited. Under the gate.</summary>
    public bool IsIdle => _inFlight.Head is null;

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
            if (_sending || _closed || (_control.Head is null && !CanTakeWaiting()))
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
            while (!_closed && writer.Length < FlushBytes && (_control.TryDequeue() ?? TakeWaiting()) is { } request)
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

    /// <summary>Finds the request that an answer belongs to.</summary>
    /// <exception cref="ZooKeeperException">There is none, or another one is due first.</exception>
    public ZooKeeperRequest TakeAnswered(int xid)
    {
        lock (outbox.Gate)
        {
            // These are answered past the line in some servers, so each kind has a line of its own.
            ZooKeeperRequestQueue queue = LineOf(xid);
            if (queue.Head is not { } request || request.Xid != xid)
            {
                throw ZooKeeperReader.Violation($"an answer numbered {xid} where {queue.Head?.Xid.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} is due");
            }

            queue.Remove(request);
            if (IsGet(request))
            {
                _readsOut--;
            }

            return request;
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
            foreach (ZooKeeperRequestQueue queue in (ReadOnlySpan<ZooKeeperRequestQueue>)[_inFlight, _control, _pings, _auths, _setWatches])
            {
                while (queue.TryDequeue() is { } request)
                {
                    lost.Add(request);
                }
            }
        }

        foreach (ZooKeeperRequest request in lost)
        {
            request.Lose(reason);
            request.ReleaseByWire();
        }

        return nobodySends;
    }

    /// <summary>Ends the wait of requests that were submitted too long ago. They keep their place: their answers may still come.</summary>
    /// <returns>When the oldest one left was submitted; null for none.</returns>
    public long? Expire(TimeSpan timeout)
    {
        lock (outbox.Gate)
        {
            for (ZooKeeperRequest? request = _inFlight.Head; request is not null; request = request.Next)
            {
                // In the order they were submitted, but for those that were put back.
                if (!Expire(request, timeout))
                {
                    return Oldest(request);
                }
            }

            return null;
        }
    }

    private static long Oldest(ZooKeeperRequest request) =>
        request is ZooKeeperReadBatch batch ? batch.Members.Min(static member => member.SubmittedAt) : request.SubmittedAt;

    private bool Expire(ZooKeeperRequest request, TimeSpan timeout)
    {
        if (request is not ZooKeeperReadBatch batch)
        {
            return request.IsClaimed || ExpireOne(request, timeout);
        }

        bool all = true;
        foreach (ZooKeeperGetRequest member in batch.Members)
        {
            all &= member.IsClaimed || ExpireOne(member, timeout);
        }

        return all;
    }

    private bool ExpireOne(ZooKeeperRequest request, TimeSpan timeout)
    {
        if (time.GetElapsedTime(request.SubmittedAt) < timeout)
        {
            return false;
        }

        request.Fail(ZooKeeperFailures.TimedOut(request, timeout));
        return true;
    }

    // A get that may share a request waits while two are in flight, unless something else waits behind it: the order is the callers'.
    private bool CanTakeWaiting() =>
        _open && outbox.Waiting.Head is { } head
        && (_readsOut < ZooKeeperReadBatching.MaxOutstanding || !batching.Supported || outbox.OthersWaiting > 0 || !MayShare(head));

    private bool MayShare(ZooKeeperRequest request) =>
        batching.Supported && request is ZooKeeperGetRequest { Alone: false } && !batching.IsLong(request.Path);

    private ZooKeeperRequest? TakeWaiting()
    {
        if (!CanTakeWaiting())
        {
            return null;
        }

        ZooKeeperRequest first = outbox.TakeFirst();
        if (first is not ZooKeeperGetRequest get)
        {
            return first;
        }

        int limit = batching.Limit;
        if (limit < 2 || !MayShare(get) || outbox.Waiting.Head is not { } next || !MayShare(next))
        {
            return get;
        }

        ZooKeeperReadBatch batch = ZooKeeperReadBatch.Rent();
        batch.Add(get);
        int characters = get.Path.Length;
        while (batch.Members.Count < limit && outbox.Waiting.Head is { } more && MayShare(more) && (characters += more.Path.Length) < MaxBatchCharacters)
        {
            batch.Add((ZooKeeperGetRequest)outbox.TakeFirst());
        }

        foreach (ZooKeeperGetRequest member in batch.Members)
        {
            member.Place = ZooKeeperRequestPlace.InFlight;
        }

        return batch;
    }

    private ZooKeeperRequestQueue LineOf(int xid) => xid switch
    {
        ZooKeeperXid.Ping => _pings,
        ZooKeeperXid.Auth => _auths,
        ZooKeeperXid.SetWatches => _setWatches,
        _ => _inFlight,
    };

    private static bool IsGet(ZooKeeperRequest request) => request is ZooKeeperGetRequest or ZooKeeperReadBatch;

    private void Write(ZooKeeperRequest request, ZooKeeperWriter writer, long now)
    {
        request.Place = ZooKeeperRequestPlace.None;
        if (request is ZooKeeperReadyRequest ready)
        {
            ready.Answer(session);
            ready.ReleaseByWire();
            return;
        }

        if (Refusal(request) is { } refusal)
        {
            request.Fail(refusal);
            request.ReleaseByWire();
            return;
        }

        ZooKeeperControlRequest? control = request as ZooKeeperControlRequest;
        request.Xid = control is { ControlXid: not 0 } ? control.ControlXid : _xid = ZooKeeperXid.Next(_xid);
        request.SentAt = now;
        int start = writer.BeginFrame();
        writer.WriteInt32(request.Xid);
        writer.WriteInt32((int)request.OpCode);
        try
        {
            request.WriteBody(writer, chroot);
        }
#pragma warning disable CA1031 // What a caller handed in may be anything, such as a list that changes meanwhile. It must cost nobody else the connection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            writer.Rewind(start);
            request.Fail(e);
            request.ReleaseByWire();
            return;
        }

        int bytes = writer.Length - start - 4;
        if (!writer.TryEndFrame(start, ZooKeeperWriter.MaxFrameBytes))
        {
            request.Fail(ZooKeeperFailures.TooLarge(request.Path, bytes));
            request.ReleaseByWire();
            return;
        }

        request.Place = ZooKeeperRequestPlace.InFlight;
        LineOf(request.Xid).Enqueue(request);
        if (IsGet(request))
        {
            _readsOut++;
        }
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
