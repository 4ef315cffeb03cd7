using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Who wants to know of what. Hands events to subscriptions, and keeps the server's watches in step with them. Thread-safe.</summary>
/// <remarks>
/// The table changes and the request that goes with the change is submitted under one gate, so the server hears of changes in the order they
/// happened here; whatever a reconnect arms again, later requests correct.
/// </remarks>
internal sealed class ZooKeeperWatches(ZooKeeperOutbox outbox, TimeProvider time, TimeSpan timeout, int maxQueuedEvents, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ZooKeeperWatchEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Subscribes; returns when the server watches.</summary>
    public async ValueTask<ZooKeeperSubscription> SubscribeAsync(
        string path, ZooKeeperWatchMode mode, Action<ZooKeeperEvent>? observer, CancellationToken cancellationToken)
    {
        ZooKeeperSubscription subscription = new(this, path, mode, observer, maxQueuedEvents);
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (Join(subscription) is { } request)
                {
                    await request.AwaitAsync(outbox, cancellationToken).ConfigureAwait(false);
                }

                return subscription;
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.ConnectionLoss && time.GetElapsedTime(start) < timeout)
            {
                // Adding a watch twice is adding it once.
            }
            catch
            {
                Remove(subscription);
                throw;
            }
        }
    }

    /// <summary>Ends a subscription, and the server's watch with the last one.</summary>
    public void Remove(ZooKeeperSubscription subscription)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(subscription.Path, out ZooKeeperWatchEntry? entry) && entry.Remove(subscription) && entry.Subscriptions.Length == 0)
            {
                _entries.TryRemove(subscription.Path, out _);
                outbox.Submit(new ZooKeeperRemoveWatchesRequest { Path = subscription.Path });
            }
        }
    }

    /// <summary>Hands an event of the server on. Called by the reading loop, before any later frame is looked at.</summary>
    public void Dispatch(ZooKeeperEventKind kind, string path)
    {
        ZooKeeperEvent happened = new(kind, path);
        if (_entries.TryGetValue(path, out ZooKeeperWatchEntry? own))
        {
            foreach (ZooKeeperSubscription subscription in own.Subscriptions)
            {
                // A recursive one hears of the children themselves.
                if (kind != ZooKeeperEventKind.ChildrenChanged || subscription.Mode == ZooKeeperWatchMode.Node)
                {
                    Deliver(subscription, happened);
                }
            }
        }

        if (kind != ZooKeeperEventKind.ChildrenChanged)
        {
            TellAncestors(happened);
        }
    }

    /// <summary>Tells every subscription something that concerns the connection.</summary>
    public void Announce(ZooKeeperEventKind kind, ZooKeeperResyncReason reason = ZooKeeperResyncReason.None)
    {
        foreach (ZooKeeperWatchEntry entry in _entries.Values)
        {
            foreach (ZooKeeperSubscription subscription in entry.Subscriptions)
            {
                Deliver(subscription, new ZooKeeperEvent(kind, entry.Path, reason));
            }
        }
    }

    /// <summary>No more events will come.</summary>
    public void End(ZooKeeperException reason)
    {
        foreach (ZooKeeperSubscription subscription in _entries.Values.SelectMany(static entry => entry.Subscriptions))
        {
            subscription.End(reason);
        }
    }

    /// <summary>What the server of a new connection must be told to watch.</summary>
    public (string Path, ZooKeeperWatchMode Mode)[] Armed()
    {
        lock (_gate)
        {
            return [.. from entry in _entries.Values where entry.Armed is not null select (entry.Path, entry.Armed!.Value)];
        }
    }

    /// <summary>Enters a subscription and asks the server to watch, unless it does.</summary>
    /// <returns>The request; null if the server does.</returns>
    private ZooKeeperAddWatchRequest? Join(ZooKeeperSubscription subscription)
    {
        lock (_gate)
        {
            ZooKeeperWatchEntry entry = _entries.GetOrAdd(subscription.Path, static path => new ZooKeeperWatchEntry(path));
            if (!entry.Subscriptions.Contains(subscription))
            {
                entry.Add(subscription);
            }

            ZooKeeperWatchMode wanted = entry.Wanted;
            if (entry.Armed is { } armed && armed >= wanted)
            {
                return null;
            }

            ZooKeeperAddWatchRequest request = new(wanted, () => Arm(entry, wanted)) { Path = subscription.Path };
            outbox.Submit(request);
            return request;
        }
    }

    private void Arm(ZooKeeperWatchEntry entry, ZooKeeperWatchMode mode)
    {
        lock (_gate)
        {
            entry.Arm(mode);
        }
    }

    private void TellAncestors(in ZooKeeperEvent happened)
    {
        var byPath = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        bool isParent = true;
        for (ReadOnlySpan<char> above = ZooKeeperPaths.Parent(happened.Path); !above.IsEmpty; above = ZooKeeperPaths.Parent(above), isParent = false)
        {
            if (!byPath.TryGetValue(above, out ZooKeeperWatchEntry? entry))
            {
                continue;
            }

            foreach (ZooKeeperSubscription subscription in entry.Subscriptions)
            {
                if (subscription.Mode == ZooKeeperWatchMode.Recursive)
                {
                    Deliver(subscription, happened);
                }
                else if (isParent && entry.IsRecursive && happened.Kind != ZooKeeperEventKind.DataChanged)
                {
                    // The watch was widened for another subscription, and the server tells of the child only.
                    Deliver(subscription, new ZooKeeperEvent(ZooKeeperEventKind.ChildrenChanged, entry.Path));
                }
            }
        }
    }

    private void Deliver(ZooKeeperSubscription subscription, in ZooKeeperEvent happened)
    {
        try
        {
            subscription.Deliver(happened);
        }
#pragma warning disable CA1031 // An observer is a stranger's code; it must not cost the others their events, or the connection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ObserverFailed(logger, subscription.Path, e);
        }
    }
}
