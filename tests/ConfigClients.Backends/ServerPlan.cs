namespace ConfigClients.Backends;

/// <summary>Everything needed to run one server, before it is known whether in a container or as a process.</summary>
internal sealed record ServerPlan
{
    /// <summary>Which product.</summary>
    public required ServerKind Kind { get; init; }

    /// <summary>Where clients connect; the same number inside a container and outside.</summary>
    public required int ClientPort { get; init; }

    /// <summary>Ports at which the library itself asks the server; like the client port.</summary>
    public IReadOnlyList<int> FurtherPorts { get; init; } = [];

    /// <summary>The scheme of the client port.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Environment variables of the server.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The files the server reads, by name, for a given place.</summary>
    public required Func<ServerPlace, IReadOnlyDictionary<string, byte[]>> Files { get; init; }

    /// <summary>What follows the executable on the command line, for a given place.</summary>
    public required Func<ServerPlace, IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>Whether a client could use the server now. May throw what a connection attempt throws.</summary>
    public required Func<string, CancellationToken, Task<bool>> IsReadyAsync { get; init; }

    /// <summary>The name other servers of its cluster know it by; also its name on a container network.</summary>
    public string? NodeName { get; init; }
}
