namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Takes the frames of one connection, in their order: answers go to whoever waits, events to whoever watches. Used by the reading loop alone.</summary>
internal sealed class ZooKeeperAnswers(ZooKeeperPipeline pipeline, ZooKeeperConnectionParts parts)
{
    private long _zxid;
    private long _lastAt = parts.Time.GetTimestamp();

    /// <summary>When the last answer came. May be read by anybody.</summary>
    public long LastAt => Volatile.Read(ref _lastAt);

    /// <summary>Takes every frame that is complete.</summary>
    /// <exception cref="ZooKeeperException">The connection must end: what came is not the protocol, or the server refuses this client.</exception>
    public void TakeAll(ZooKeeperFrameBuffer frames)
    {
        while (frames.TryTake(out ReadOnlySpan<byte> frame, out int length))
        {
            ZooKeeperReader reader = new(frame);
            int xid = reader.ReadInt32();
            long zxid = reader.ReadInt64();
            ZooKeeperError error = (ZooKeeperError)reader.ReadInt32();
            if (xid == ZooKeeperXid.Notification)
            {
                TakeEvent(ref reader);
            }
            else
            {
                TakeAnswer(pipeline.TakeAnswered(xid), ref reader, zxid, error, length);
            }
        }
    }

    private void TakeEvent(ref ZooKeeperReader reader)
    {
        int kind = reader.ReadInt32();
        _ = reader.ReadInt32();
        string path = reader.ReadString();

        // Kinds that clients make up for themselves never come from a server.
        if (kind is >= (int)ZooKeeperEventKind.Created and <= (int)ZooKeeperEventKind.ChildrenChanged
            && ZooKeeperPaths.Strip(parts.Chroot, path) is { } stripped)
        {
            parts.Watches.Dispatch((ZooKeeperEventKind)kind, stripped);
        }
    }

    private void TakeAnswer(ZooKeeperRequest request, ref ZooKeeperReader reader, long zxid, ZooKeeperError error, int length)
    {
        Volatile.Write(ref _lastAt, parts.Time.GetTimestamp());
        parts.Session.Confirm(request.SentAt);
        bool sentAgain = false;
        try
        {
            CheckProgress(zxid);
            if (error == ZooKeeperError.None && length > parts.MaxResponseBytes)
            {
                sentAgain = RefuseLarge(request, length);
            }
            else if (error == ZooKeeperError.None)
            {
                request.Succeed(ref reader, zxid, parts.Chroot);
                parts.Batching.Observe(request);
            }
            else if (error == ZooKeeperError.Unimplemented && request is ZooKeeperReadBatch batch)
            {
                // The server is too old for it, and closes the connection now.
                parts.Batching.ServerIsTooOld();
                pipeline.SendAgain(batch, alone: false);
                sentAgain = true;
            }
            else
            {
                request.Refuse(error, zxid);
            }
        }
        catch (ZooKeeperException violation)
        {
            request.Lose(violation);
            throw;
        }
        finally
        {
            if (!sentAgain)
            {
                request.ReleaseByWire();
            }
        }

        if (error is ZooKeeperError.AuthFailed or ZooKeeperError.SessionClosedRequireAuth)
        {
            throw new ZooKeeperException(ZooKeeperError.AuthFailed, $"The server does not accept who this client says it is ({ZooKeeperFailures.Name(error)}).");
        }
    }

    private void CheckProgress(long zxid)
    {
        // Answers to auth carry 0, some errors -1.
        if (zxid <= 0)
        {
            return;
        }

        if (zxid < _zxid)
        {
            throw ZooKeeperReader.Violation($"a transaction number that goes back from 0x{_zxid:x} to 0x{zxid:x}");
        }

        _zxid = zxid;
        parts.Progress.Advance(zxid);
    }

    private bool RefuseLarge(ZooKeeperRequest request, int length)
    {
        if (request is ZooKeeperReadBatch batch)
        {
            parts.Batching.ObserveTooLarge();
            pipeline.SendAgain(batch, alone: true);
            return true;
        }

        request.Fail(ZooKeeperFailures.AnswerTooLarge(request, length, parts.MaxResponseBytes));
        return false;
    }
}
