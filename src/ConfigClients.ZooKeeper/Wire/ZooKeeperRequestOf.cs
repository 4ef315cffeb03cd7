using System.Threading.Tasks.Sources;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>A request that answers with a value, awaited without a task.</summary>
/// <typeparam name="T">The value.</typeparam>
internal abstract class ZooKeeperRequestOf<T>(ZooKeeperOpCode opCode, bool isWrite) : ZooKeeperRequest(opCode, isWrite), IValueTaskSource<T>
{
    // Continuations never run on the thread that reads answers: they may block, or ask for more.
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private ZooKeeperOutbox? _outbox;
    private int _parties = 2;

    /// <summary>To be awaited once.</summary>
    public ValueTask<T> Outcome => new(this, _core.Version);

    /// <summary>Awaits a request that was submitted, as long as the token allows. Instead of <see cref="Outcome"/>.</summary>
    /// <param name="outbox">Where it was submitted.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public ValueTask<T> AwaitAsync(ZooKeeperOutbox outbox, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _outbox = outbox;
            _cancellation = cancellationToken.UnsafeRegister(
                static (request, token) =>
                {
                    ZooKeeperRequestOf<T> cancelled = (ZooKeeperRequestOf<T>)request!;
                    cancelled._outbox!.Withdraw(cancelled, token);
                },
                this);
        }

        return Outcome;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception)
    {
        if (TryClaim())
        {
            _core.SetException(exception);
        }
    }

    /// <inheritdoc/>
    public override void ReleaseByWire() => Release();

    /// <inheritdoc/>
    public T GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The outcome of a request must be awaited, and only once.");
        }

        // Waits for a cancellation that is under way: behind it nothing touches the request any more.
        _cancellation.Dispose();
        _cancellation = default;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Ends the wait with a value, unless the outcome is decided.</summary>
    protected void Complete(T value)
    {
        if (TryClaim())
        {
            _core.SetResult(value);
        }
    }

    /// <summary>Forgets arguments; called when both parties are done.</summary>
    protected virtual void Recycle()
    {
    }

    /// <summary>Writes the path as the server knows it.</summary>
    protected void WritePath(ZooKeeperWriter writer, string chroot) => writer.WriteString(chroot, chroot.Length > 0 && Path.Length == 1 ? "" : Path);

    private void Release()
    {
        if (Interlocked.Decrement(ref _parties) == 0)
        {
            _core.Reset();
            _parties = 2;
            _outbox = null;
            Unclaim();
            Recycle();
        }
    }
}
