using Microsoft.Extensions.Logging;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The client's state, told to listeners in order, on the pool: a listener that blocks holds up later listeners and nothing else. Thread-safe.</summary>
internal sealed class ZooKeeperStateFeed(ILogger logger)
{
    private readonly Lock _gate = new();
    private ZooKeeperState _state;
    private Task _told = Task.CompletedTask;

    /// <summary>Called with each new state.</summary>
    public event Action<ZooKeeperState>? Changed;

    /// <summary>The state now.</summary>
    public ZooKeeperState Current
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Moves on; a final state stays.</summary>
    public void Move(ZooKeeperState state)
    {
        lock (_gate)
        {
            if (_state == state || _state == ZooKeeperState.Closed || (_state == ZooKeeperState.AuthFailed && state != ZooKeeperState.Closed))
            {
                return;
            }

            _state = state;
            if (Changed is { } listeners)
            {
                _told = _told.ContinueWith(_ => Tell(listeners, state), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private void Tell(Action<ZooKeeperState> listeners, ZooKeeperState state)
    {
        foreach (Action<ZooKeeperState> listener in Delegate.EnumerateInvocationList(listeners))
        {
            try
            {
                listener(state);
            }
#pragma warning disable CA1031 // A stranger's code.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.ListenerFailed(logger, e);
            }
        }
    }
}
