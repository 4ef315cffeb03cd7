using System.Text.Json;

namespace ConfigClients.Backends.Containers;

/// <summary>The image that runs a server.</summary>
/// <param name="Name">Its name with its tag.</param>
/// <param name="Command">What comes before the server's own arguments.</param>
internal sealed record ServerImage(string Name, IReadOnlyList<string> Command)
{
    /// <summary>The names that are tried, in this order; one name when the environment gives it.</summary>
    public static IReadOnlyList<string> Candidates(ServerKind kind)
    {
        string? named = Environment.GetEnvironmentVariable($"CONFIGCLIENTS_{kind.Variable()}_IMAGE");
        return named is { Length: > 0 } ? [named] : [Official(kind), $"configclients-test/{kind.Word()}:local"];
    }

    /// <summary>The first candidate that the engine already has; null when there is none or no engine. Nothing is ever pulled.</summary>
    public static async Task<ServerImage?> FindAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        if (!ContainerEngine.IsThere)
        {
            return null;
        }

        foreach (string candidate in Candidates(kind))
        {
            if (await EngineClient.GetAsync($"/images/{candidate}/json", cancellationToken) is JsonElement image)
            {
                return new(candidate, CommandOf(kind, image));
            }
        }

        return null;
    }

    private static string Official(ServerKind kind) => kind switch
    {
        ServerKind.Consul => "consul:1.8.7",
        ServerKind.Etcd => "quay.io/coreos/etcd:v3.5.16",
        ServerKind.EtcdNext => "quay.io/coreos/etcd:v3.5.30",
        _ => "zookeeper:3.9.3",
    };

    /// <remarks>ZooKeeper has no executable of its own: an image knows how it is started, and takes the configuration's path behind that.</remarks>
    private static IReadOnlyList<string> CommandOf(ServerKind kind, JsonElement image) => kind switch
    {
        ServerKind.Consul => ["consul"],
        ServerKind.Etcd or ServerKind.EtcdNext => ["etcd"],
        _ => [.. image.GetProperty("Config").GetProperty("Cmd").EnumerateArray().Select(word => word.GetString()!)],
    };
}
