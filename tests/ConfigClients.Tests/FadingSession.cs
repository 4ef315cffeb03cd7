namespace ConfigClients.Tests;

/// <summary>A session that runs out after its TTL, by the clock of the test.</summary>
public sealed class FadingSession : IStoreSession
{
    private readonly CancellationTokenSource _lost = new();
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly ITimer _timer;

    public FadingSession(IStoreSession inner, TimeProvider time)
    {
        Inner = inner;
        _time = time;
        _openedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => _lost.CancelAsync(), null, inner.GrantedTtl, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The session behind it, which is kept up.</summary>
    public IStoreSession Inner { get; }

    public string Id => Inner.Id;

    public TimeSpan GrantedTtl => Inner.GrantedTtl;

    public TimeSpan ValidFor => GrantedTtl > _time.GetElapsedTime(_openedAt) ? GrantedTtl - _time.GetElapsedTime(_openedAt) : TimeSpan.Zero;

    public SessionState State => ValidFor > TimeSpan.Zero ? SessionState.Healthy : SessionState.Lost;

    public SessionEndReason EndReason => State == SessionState.Lost ? SessionEndReason.DeadlinePassed : SessionEndReason.None;

    public CancellationToken Lost => _lost.Token;

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _lost.CancelAsync();
        await Inner.DisposeAsync();
    }
}
