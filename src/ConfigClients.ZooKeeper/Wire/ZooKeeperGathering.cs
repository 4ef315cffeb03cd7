using ConfigClients.Adapters;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Decides what is sent next of what waits: one request, or gets that share one. Under the outbox's gate.</summary>
internal sealed class ZooKeeperGathering(ZooKeeperOutbox outbox, ZooKeeperReadBatching batching)
{
    // At three bytes each, still below what a server takes.
    private const int MaxCharacters = 256 * 1024;

    private ReadPacing _pacing;

    private int GetsWaiting => outbox.Waiting.Count - outbox.OthersWaiting;

    /// <summary>Whether something may go out now.</summary>
    /// <remarks>
    /// A get that may share a request waits as <see cref="ReadPacing"/> says, unless something else waits behind it: the order is the callers'.
    /// </remarks>
    public bool CanTake() =>
        outbox.Waiting.Head is { } head
        && (!batching.Supported || outbox.OthersWaiting > 0 || !MayShare(head) || _pacing.MayGo(GetsWaiting, batching.Limit));

    /// <summary>Takes note of what was sent.</summary>
    public void Sent(ZooKeeperRequest request)
    {
        if (Gets(request) is > 0 and int gets)
        {
            _pacing.Sent(gets);
        }
    }

    /// <summary>Takes note of what was answered.</summary>
    public void Answered(ZooKeeperRequest request)
    {
        if (Gets(request) is > 0 and int gets)
        {
            _pacing.Ended(gets, GetsWaiting);
        }
    }

    /// <summary>Takes what goes out next.</summary>
    /// <returns>The request; null if nothing may go.</returns>
    public ZooKeeperRequest? TryTake()
    {
        if (!CanTake())
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

    private static int Gets(ZooKeeperRequest request) => request switch
    {
        ZooKeeperGetRequest => 1,
        ZooKeeperReadBatch batch => batch.Members.Count,
        _ => 0,
    };

    private bool MayShare(ZooKeeperRequest request) =>
        batching.Supported && request is ZooKeeperGetRequest { Alone: false } && !batching.IsLong(request.Path);
}
