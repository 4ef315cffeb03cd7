using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Leading;

/// <summary>A leader service that does what its stage says.</summary>
public sealed class StagedLeader : ILeaderService, IDisposable
{
    private readonly LeaderStage _stage;

    /// <summary>Makes one.</summary>
    /// <param name="stage">The stage.</param>
    public StagedLeader(LeaderStage stage)
    {
        _stage = stage;
        stage.Make();
    }

    /// <inheritdoc/>
    public Task RunAsync(Leadership leadership, CancellationToken stopping) => _stage.RunAsync(leadership, stopping);

    /// <inheritdoc/>
    public void Dispose() => _stage.Dispose();
}
