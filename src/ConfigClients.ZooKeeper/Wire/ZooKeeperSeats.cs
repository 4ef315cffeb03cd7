using System.Runtime.CompilerServices;
using ConfigClients.Adapters;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What queues need in few round trips: a seat and who else sits there, and the going of one seat.</summary>
internal sealed class ZooKeeperSeats(ZooKeeperClient client, ZooKeeperKeys keys, ZooKeeperWrites writes)
{
    /// <summary>Most seats that are looked at by one request.</summary>
    private const int MaxSeats = 500;

    /// <summary>Creates a seat, and looks at the queue right behind it on the same connection: what is read there cannot be older than the seat.</summary>
    public async ValueTask<SeatTaken> SitDownAsync(string queue, string key, ReadOnlyMemory<byte> value, ZooKeeperSession session, CancellationToken cancellationToken)
    {
        Task<WriteResult> creating = writes.SitDownAsync(key, value, session, cancellationToken).AsTask();
        Task<IReadOnlyList<string>?> looking = TryLookAsync(queue, session, cancellationToken);
        IReadOnlyList<string>? names = await looking.ConfigureAwait(false);
        WriteResult result = await creating.ConfigureAwait(false);
        if (!result.Applied || names is null or { Count: > MaxSeats })
        {
            return new SeatTaken(result, null);
        }

        string own = keys.Path(key);
        string[] others = [.. names.Select(name => $"{keys.Below(queue)}/{name}").Where(path => path != own)];
        if (others.Length == names.Count)
        {
            // The place had to be made first, and it was looked at too early.
            return new SeatTaken(result, null);
        }

        List<ConfigEntry> seats = [new ConfigEntry(key, value.ToArray(), result.Revision, result.Revision.Number, session.Id)];
        return others.Length == 0 || await TryReadAsync(others, seats, session, cancellationToken).ConfigureAwait(false)
            ? new SeatTaken(result, new ConfigSnapshot(queue, [.. seats.OrderBy(static seat => seat.Key, Comparer<string>.Create(ConfigKey.Compare))], result.Revision.Number))
            : new SeatTaken(result, null);
    }

    /// <summary>Waits until one key is gone, by a watch of its node alone.</summary>
    /// <returns>True when it is gone.</returns>
    public async ValueTask<bool> WaitUntilGoneAsync(string key, long createRevision, CancellationToken cancellationToken)
    {
        string path = keys.Path(key);
        ZooKeeperSubscription watch = await client.SubscribeAsync(path, ZooKeeperWatchMode.Node, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable parting = watch.ConfigureAwait(false);
        while (await client.ExistsAsync(path, cancellationToken).ConfigureAwait(false) is { } stat && stat.Czxid == createRevision)
        {
            // Whatever else is told, such as that the connection was lost, is a reason to look again.
            if ((await watch.ReadAsync(cancellationToken).ConfigureAwait(false)).Any(static happened => happened.Kind == ZooKeeperEventKind.Deleted))
            {
                break;
            }
        }

        return true;
    }

    /// <summary>Never throws: what became of the seat is more important.</summary>
    private async Task<IReadOnlyList<string>?> TryLookAsync(string queue, ZooKeeperSession session, CancellationToken cancellationToken)
    {
        try
        {
            return (await session.Client.GetChildrenAsync(keys.Below(queue), cancellationToken).ConfigureAwait(false))?.Names;
        }
        catch (Exception e) when (e is ZooKeeperException or OperationCanceledException)
        {
            return null;
        }
    }

    private async ValueTask<bool> TryReadAsync(string[] paths, List<ConfigEntry> seats, ZooKeeperSession session, CancellationToken cancellationToken)
    {
        IReadOnlyList<ZooKeeperReadResult> results;
        try
        {
            results = await session.Client.ReadManyAsync([.. paths.Select(ZooKeeperRead.Data)], cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
            // The seat stands, and that must be said: the queue can be read another way.
            return false;
        }

        for (int i = 0; i < paths.Length; i++)
        {
            if (results[i].Error is not (ZooKeeperError.None or ZooKeeperError.NoNode))
            {
                return false;
            }

            if (results[i].Node is { HasData: true } node && keys.Key(paths[i]) is { } key)
            {
                seats.Add(ZooKeeperRow.Entry(key, node, null));
            }
        }

        return true;
    }
}
