using System.Globalization;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What was sent on one connection and is not answered yet. Not thread-safe: its pipeline guards it.</summary>
/// <remarks>Pings, auths and watches are answered past the line by some servers, so each kind has a line of its own.</remarks>
internal sealed class ZooKeeperInFlight(TimeProvider time)
{
    private readonly ZooKeeperRequestQueue _ordinary = new();
    private readonly ZooKeeperRequestQueue _pings = new();
    private readonly ZooKeeperRequestQueue _auths = new();
    private readonly ZooKeeperRequestQueue _setWatches = new();

    /// <summary>Whether no caller awaits anything.</summary>
    public bool IsIdle => _ordinary.Head is null;

    public void Add(ZooKeeperRequest request)
    {
        request.Place = ZooKeeperRequestPlace.InFlight;
        LineOf(request.Xid).Enqueue(request);
    }

    /// <summary>Finds the request that an answer belongs to.</summary>
    /// <exception cref="ZooKeeperException">There is none, or another one is due first.</exception>
    public ZooKeeperRequest TakeAnswered(int xid)
    {
        ZooKeeperRequestQueue line = LineOf(xid);
        if (line.Head is not { } request || request.Xid != xid)
        {
            throw ZooKeeperReader.Violation($"an answer numbered {xid} where {line.Head?.Xid.ToString(CultureInfo.InvariantCulture) ?? "none"} is due");
        }

        line.Remove(request);
        return request;
    }

    /// <summary>Takes out everything.</summary>
    public void DrainTo(List<ZooKeeperRequest> lost)
    {
        foreach (ZooKeeperRequestQueue line in (ReadOnlySpan<ZooKeeperRequestQueue>)[_ordinary, _pings, _auths, _setWatches])
        {
            while (line.TryDequeue() is { } request)
            {
                lost.Add(request);
            }
        }
    }

    /// <summary>Ends the wait of requests that were submitted too long ago. They keep their place: their answers may still come.</summary>
    /// <returns>When the oldest one left was submitted; null for none.</returns>
    public long? Expire(TimeSpan timeout)
    {
        // In the order they were submitted, but for those that were put back.
        for (ZooKeeperRequest? request = _ordinary.Head; request is not null; request = request.Next)
        {
            if (request is not ZooKeeperReadBatch batch)
            {
                if (!TryExpire(request, timeout))
                {
                    return request.SubmittedAt;
                }
            }
            else if (batch.Members.FirstOrDefault(member => !TryExpire(member, timeout)) is { } waiting)
            {
                return waiting.SubmittedAt;
            }
        }

        return null;
    }

    /// <returns>Whether nobody waits for it any more.</returns>
    private bool TryExpire(ZooKeeperRequest request, TimeSpan timeout)
    {
        if (!request.IsClaimed && time.GetElapsedTime(request.SubmittedAt) >= timeout)
        {
            request.Fail(ZooKeeperFailures.TimedOut(request, timeout));
        }

        return request.IsClaimed;
    }

    private ZooKeeperRequestQueue LineOf(int xid) => xid switch
    {
        ZooKeeperXid.Ping => _pings,
        ZooKeeperXid.Auth => _auths,
        ZooKeeperXid.SetWatches => _setWatches,
        _ => _ordinary,
    };
}
