using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>What a <see cref="WatchStep"/> says.</summary>
[Experimental("CONFIGCLIENTS001")]
public enum WatchStepKind
{
    /// <summary>Alive, nothing new.</summary>
    Idle,

    /// <summary>These keys changed.</summary>
    Changes,

    /// <summary>This is the whole state now.</summary>
    State,

    /// <summary>Continuity is lost: read the whole prefix again.</summary>
    Gap,
}
