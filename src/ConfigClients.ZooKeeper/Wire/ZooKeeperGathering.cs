namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Decides what is sent next of what waits: one request, or gets that share one. Under the outbox's gate.</summary>
internal sealed class ZooKeeperGathering(ZooKeeperOutbox outbox, ZooKeeperReadBatching batching)
{
    // At three bytes each, still below what a server takes.
    private const int MaxCharacters = 256 * 1024;

    /// <summary>Whether something may go out now.</summary>
    /// <remarks>
    /// A get that may share a request waits while two are in flight, unless something else waits behind it: the order is the callers'.
    /// </remarks>
    /// <param name="getsInFlight">Requests with gets that are awaited.</param>
    public bool CanTake(int getsInFlight) =>
        outbox.Waiting.Head is { } head
        && (getsInFlight < ZooKeeperReadBatching.MaxOutstanding || !batching.Supported || outbox.OthersWaiting > 0 || !MayShare(head));

    /// <summary>Takes what goes out next.</summary>
    /// <returns>The request; null if nothing may go.</returns>
    public ZooKeeperRequest? TryTake(int getsInFlight)
    {
        if (!CanTake(getsInFlight))
        {
            return null;
        }

        ZooKeeperRequest first = outbox.TakeFirst();
        int limit = batching.Limit;
        return first is ZooKeeperGetRequest get && limit > 1 && MayShare(get) && outbox.Waiting.Head is { } next && MayShare(next)
            ? Gather(get, limit)
            : first;
    }

    private ZooKeeperReadBatch Gather(ZooKeeperGetRequest first, int limit)
    {
        ZooKeeperReadBatch batch = ZooKeeperReadBatch.Rent();
        ZooKeeperRequest? next = first;
        int characters = 0;
        while (next is ZooKeeperGetRequest get)
        {
            characters += get.Path.Length;
            get.Place = ZooKeeperRequestPlace.InFlight;
            batch.Add(get);
            next = batch.Members.Count < limit && outbox.Waiting.Head is { } more && MayShare(more) && characters + more.Path.Length < MaxCharacters
                ? outbox.TakeFirst()
                : null;
        }

        return batch;
    }

    private bool MayShare(ZooKeeperRequest request) =>
        batching.Supported && request is ZooKeeperGetRequest { Alone: false } && !batching.IsLong(request.Path);
}
