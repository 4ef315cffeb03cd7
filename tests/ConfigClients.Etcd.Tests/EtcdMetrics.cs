using System.Globalization;
using ConfigClients.Backends.Etcd;

namespace ConfigClients.Etcd.Tests;

/// <summary>What a server counts itself: requests, streams, watches.</summary>
internal static class EtcdMetrics
{
    /// <summary>A counter, over all its labels that hold these words.</summary>
    public static async Task<double> ReadAsync(EtcdBackend server, string name, string label = "")
    {
        using HttpClient client = server.CreateClient();
        string metrics = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        return metrics.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ' ' or '{' && line.Contains(label, StringComparison.Ordinal))
            .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>How many calls of one kind were begun.</summary>
    public static Task<double> CallsAsync(EtcdBackend server, string method) => ReadAsync(server, "grpc_server_started_total", $"grpc_method=\"{method}\"");
}
