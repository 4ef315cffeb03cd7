using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>One hold of one lock by one process, as that process saw it. Times are of the monotonic clock.</summary>
/// <param name="arm">Of which arm.</param>
/// <param name="number">Which lock.</param>
/// <param name="token">Its fencing token.</param>
/// <param name="start">When the process first looked, and held.</param>
/// <param name="validUntil">Until when it was sure to hold if nothing else came.</param>
public sealed class Hold(Arm arm, int number, long token, long start, long validUntil)
{
    private long _lastLook = start;
    private long _validUntil = validUntil;
    private long? _end;

    /// <summary>Of which arm.</summary>
    public Arm Arm { get; } = arm;

    /// <summary>Which lock.</summary>
    public int Number { get; } = number;

    /// <summary>Its fencing token.</summary>
    public long Token { get; } = token;

    /// <summary>When the belief begins.</summary>
    public long Start { get; } = start;

    /// <summary>When the belief ends, and not later than it really did: what follows from this is no false alarm.</summary>
    public long End => Math.Min(_end ?? long.MaxValue, _validUntil);

    /// <summary>The process looked again, and held.</summary>
    public void Look(long at, long validUntil)
    {
        _lastLook = at;
        _validUntil = Math.Max(_validUntil, validUntil);
    }

    /// <summary>The process let go, or died.</summary>
    public void EndAt(long at) => _end ??= at;

    /// <summary>The process noticed that the hold was over: by its clock, or earlier.</summary>
    public void Lose(LossKind kind) => EndAt(kind == LossKind.TimePassed ? _validUntil : _lastLook);
}
