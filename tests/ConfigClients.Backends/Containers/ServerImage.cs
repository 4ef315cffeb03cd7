namespace ConfigClients.Backends.Containers;

/// <summary>Which image runs which server.</summary>
internal static class ServerImage
{
    /// <summary>The names that are tried, in this order; one name when the environment gives it.</summary>
    public static IReadOnlyList<string> Candidates(ServerKind kind)
    {
        string? named = Environment.GetEnvironmentVariable($"CONFIGCLIENTS_{kind.Variable()}_IMAGE");
        if (named is { Length: > 0 })
        {
            return [named];
        }

        return [.. Official(kind), $"configclients-test/{kind.Word()}:local"];
    }

    private static string[] Official(ServerKind kind) => kind switch
    {
        ServerKind.Consul => ["consul:1.8.7"],
        ServerKind.Etcd => ["quay.io/coreos/etcd:v3.5.16"],
        ServerKind.EtcdNext => ["quay.io/coreos/etcd:v3.5.30"],
        _ => [],
    };

    /// <summary>The first candidate that the engine already has; null when there is none or no engine. Nothing is ever pulled.</summary>
    public static async Task<string?> FindAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        if (!ContainerEngine.IsThere)
        {
            return null;
        }

        foreach (string candidate in Candidates(kind))
        {
            if (await EngineClient.GetAsync($"/images/{candidate}/json", cancellationToken) is not null)
            {
                return candidate;
            }
        }

        return null;
    }
}
