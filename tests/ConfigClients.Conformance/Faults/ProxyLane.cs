namespace ConfigClients.Conformance.Faults;

/// <summary>One direction of a <see cref="FaultProxy"/>: its faults, for all connections, and what has passed.</summary>
/// <remarks>Thread-safe. A changed setting applies to bytes that have not been sent on yet.</remarks>
public sealed class ProxyLane
{
    private readonly Lock _lock = new();
    private long _bytes;
    private long _delayTicks;
    private int _bytesPerSecond;
    private long _cutAfter = -1;
    private CutKind _cutKind;
    private TaskCompletionSource? _gate;

    internal ProxyLane()
    {
    }

    /// <summary>Bytes handed on in this direction since the start.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How much later bytes arrive. Default zero. Order is kept; throughput is not limited by it.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Bytes per second and connection; 0, the default, for no limit. A low value makes a slow reader or writer.</summary>
    public int BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set => Volatile.Write(ref _bytesPerSecond, value);
    }

    /// <summary>After this many further bytes in this direction, cuts the connection that carries the last of them. Once.</summary>
    /// <param name="bytes">From 0: the first byte to come is then not handed on any more.</param>
    /// <param name="kind">How both ends of the connection learn of it.</param>
    public void CutAfter(long bytes, CutKind kind)
    {
        lock (_lock)
        {
            _cutAfter = bytes;
            _cutKind = kind;
        }
    }

    /// <summary>Keeps bytes back until <see cref="Release"/>; connections stay open and nothing is lost.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _gate ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets go of what <see cref="Hold"/> kept back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _gate?.TrySetResult();
            _gate = null;
        }
    }

    internal Task WhenOpenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _gate is null ? Task.CompletedTask : _gate.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Claims bytes for sending.</summary>
    /// <returns>How many of them may be sent, and how the connection is to be cut after that; null to go on.</returns>
    internal (int Allowed, CutKind? Cut) Take(int count)
    {
        lock (_lock)
        {
            if (_cutAfter < 0)
            {
                return (count, null);
            }

            if (count < _cutAfter)
            {
                _cutAfter -= count;
                return (count, null);
            }

            int allowed = (int)_cutAfter;
            _cutAfter = -1;
            return (allowed, _cutKind);
        }
    }

    internal void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);
}
