namespace ConfigClients.Backends;

/// <summary>Where a server finds itself running.</summary>
/// <param name="Folder">Its own folder: configuration in it, data below it.</param>
/// <param name="ListenAddress">Loopback for a process; any address inside a container, which publishes on loopback only.</param>
internal sealed record ServerPlace(string Folder, string ListenAddress)
{
    /// <summary>Whether the server has a network of its own.</summary>
    public bool InContainer => ListenAddress != "127.0.0.1";
}
