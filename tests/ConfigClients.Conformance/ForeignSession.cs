namespace ConfigClients.Conformance;

/// <summary>A session no store ever opened: healthy by its own account.</summary>
public sealed class ForeignSession : IStoreSession
{
    /// <inheritdoc/>
    public string Id => "foreign";

    /// <inheritdoc/>
    public TimeSpan GrantedTtl => StoreSessionOptions.MinTtl;

    /// <inheritdoc/>
    public SessionState State => SessionState.Healthy;

    /// <inheritdoc/>
    public TimeSpan ValidFor => StoreSessionOptions.MinTtl;

    /// <inheritdoc/>
    public SessionEndReason EndReason => SessionEndReason.None;

    /// <inheritdoc/>
    public CancellationToken Lost => CancellationToken.None;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
