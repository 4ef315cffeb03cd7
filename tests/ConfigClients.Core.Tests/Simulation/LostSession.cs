namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A session that is over.</summary>
internal sealed class LostSession : IStoreSession
{
    public string Id => "lost";

    public TimeSpan GrantedTtl => StoreSessionOptions.MinTtl;

    public SessionState State => SessionState.Lost;

    public TimeSpan ValidFor => TimeSpan.Zero;

    public SessionEndReason EndReason => SessionEndReason.DeadlinePassed;

    public CancellationToken Lost => new(canceled: true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
