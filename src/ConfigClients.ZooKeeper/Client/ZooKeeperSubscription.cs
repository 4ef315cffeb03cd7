using System.Runtime.CompilerServices;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <summary>A watch that goes on until it is disposed of, over reconnects and new sessions.</summary>
/// <remarks>
/// Subscriptions of one path share one watch at the server. Events wait in a queue until they are read: at most
/// <see cref="ZooKeeperClientOptions.MaxQueuedEvents"/>, then they are dropped for one <see cref="ZooKeeperEventKind.Resync"/>; an event that says
/// the same as the last one about its node is left out. One reader at a time; disposing may happen at any time.
/// </remarks>
public sealed class ZooKeeperSubscription : IAsyncDisposable
{
    private readonly ZooKeeperWatches _watches;
    private readonly ZooKeeperEventQueue? _queue;
    private readonly Action<ZooKeeperEvent>? _observer;
    private int _disposed;

    internal ZooKeeperSubscription(ZooKeeperWatches watches, string path, ZooKeeperWatchMode mode, Action<ZooKeeperEvent>? observer, int maxQueued)
    {
        _watches = watches;
        _observer = observer;
        _queue = observer is null ? new ZooKeeperEventQueue(path, maxQueued) : null;
        Path = path;
        Mode = mode;
    }

    /// <summary>What is watched.</summary>
    public string Path { get; }

    /// <summary>What it covers.</summary>
    public ZooKeeperWatchMode Mode { get; }

    /// <summary>Waits for events.</summary>
    /// <param name="cancellationToken">Stops waiting; nothing is lost.</param>
    /// <returns>All events that wait, oldest first; at least one.</returns>
    /// <exception cref="ZooKeeperException">The client is closed or was refused; no more events will come.</exception>
    /// <exception cref="InvalidOperationException">The subscription has an observer.</exception>
    public ValueTask<IReadOnlyList<ZooKeeperEvent>> ReadAsync(CancellationToken cancellationToken = default) =>
        (_queue ?? throw new InvalidOperationException("The events of this subscription go to its observer.")).ReadAsync(cancellationToken);

    /// <summary>Takes the events that wait, without waiting for any.</summary>
    internal IReadOnlyList<ZooKeeperEvent> Take() => _queue!.Take();

    /// <summary>Reads events, one after another, until the subscription is disposed of.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The events.</returns>
    /// <exception cref="ZooKeeperException">The client is closed or was refused; no more events will come.</exception>
    /// <exception cref="InvalidOperationException">The subscription has an observer.</exception>
    public async IAsyncEnumerable<ZooKeeperEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            IReadOnlyList<ZooKeeperEvent> events;
            try
            {
                events = await ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ZooKeeperException) when (Volatile.Read(ref _disposed) != 0)
            {
                yield break;
            }

            foreach (ZooKeeperEvent happened in events)
            {
                yield return happened;
            }
        }
    }

    /// <summary>Ends the subscription, and the watch at the server if nobody else uses it.</summary>
    /// <returns>At once; the server is told in the background.</returns>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _watches.Remove(this);
            End(new ZooKeeperException(ZooKeeperError.Closed, "The subscription was disposed of.") { Path = Path });
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Hands an event on.</summary>
    internal void Deliver(in ZooKeeperEvent happened)
    {
        if (_observer is null)
        {
            _queue!.Add(happened);
        }
        else
        {
            _observer(happened);
        }
    }

    /// <summary>No more events will come.</summary>
    internal void End(ZooKeeperException reason) => _queue?.End(reason);
}
