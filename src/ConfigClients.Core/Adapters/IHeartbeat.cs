using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>A store's way to keep a session up.</summary>
[Experimental("CONFIGCLIENTS001")]
public interface IHeartbeat
{
    /// <summary>Sends one heartbeat.</summary>
    /// <param name="cancellationToken">Cancelled when the next heartbeat is due.</param>
    /// <returns>True if the store confirmed it, false if the store says that the session is gone. Any exception means: not known.</returns>
    ValueTask<bool> BeatAsync(CancellationToken cancellationToken);
}
