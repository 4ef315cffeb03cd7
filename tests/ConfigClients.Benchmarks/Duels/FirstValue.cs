using System.Diagnostics;
using System.Globalization;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>From process start to the first value, just-in-time compiled: this program started again in a role of its own.</summary>
internal static class FirstValue
{
    public const string Role = "first-value";

    public static Duel Create(Uri endpoint) => new(
        "process start → first value, Consul", "ms", 1.30, false,
        () => MeasureAsync(endpoint, "bare"),
        () => MeasureAsync(endpoint, "ours"));

    /// <summary>What the child process does; it prints when it has the value.</summary>
    public static async Task RunChildAsync(string who, Uri endpoint)
    {
        if (who == "bare")
        {
            using HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = endpoint };
            _ = await http.GetByteArrayAsync(new Uri("/v1/kv/bench/small?raw&consistent", UriKind.Relative));
        }
        else
        {
            await using IConfigStore store = new ConfigStoreBuilder().UseConsul(options => options.Endpoints.Add(endpoint)).Build();
            _ = await store.GetValueAsync("bench/small");
        }

        Console.WriteLine(Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<double> MeasureAsync(Uri endpoint, string who)
    {
        List<double> samples = [];
        for (int i = 0; i < 5; i++)
        {
            ProcessStartInfo start = new(Environment.ProcessPath!, [Role, who, endpoint.ToString()]) { RedirectStandardOutput = true };
            long before = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start)!;
            string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The child said nothing.");
            await process.WaitForExitAsync();

            // The monotonic clock is shared by all processes of the machine.
            samples.Add(Stopwatch.GetElapsedTime(before, long.Parse(line, CultureInfo.InvariantCulture)).TotalMilliseconds);
        }

        return Stat.Median(samples);
    }
}
