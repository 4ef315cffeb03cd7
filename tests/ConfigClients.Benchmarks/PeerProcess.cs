using System.Diagnostics;
using System.Globalization;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Benchmarks;

/// <summary>A client of another language in a process of its own, told what to do line by line.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
    }

    /// <summary>ZooKeeper's Java client.</summary>
    public static async Task<PeerProcess> StartJavaAsync(ZooKeeperBackend server, string prefix)
    {
        IReadOnlyList<string> command = await ZooKeeperJava.CommandAsync(Source("ZooKeeperPeer.java"));
        return new PeerProcess(new ProcessStartInfo(command[0], [.. command.Skip(1), $"{server.Host}:{server.Port}", prefix]));
    }

    /// <summary>etcd's Go client; null where there is no compiler, or not the client's sources.</summary>
    public static async Task<PeerProcess?> TryStartGoAsync(Uri endpoint, string prefix)
    {
        ProcessStartInfo start = new("go", ["run", Source("etcd_peer.go"), endpoint.Authority, prefix]);
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOPATH"] = "/usr/share/gocode";
        start.Environment["GOFLAGS"] = "";
        if (!Directory.Exists("/usr/share/gocode/src/go.etcd.io/etcd/clientv3"))
        {
            return null;
        }

        PeerProcess peer = new(start);
        await peer.LineAsync("ready?");
        return peer;
    }

    /// <summary>Has one thing measured.</summary>
    public async Task<double> AskAsync(string order) => double.Parse(await LineAsync(order), CultureInfo.InvariantCulture);

    /// <summary>Sends an order, if any, and takes a line of the answer.</summary>
    public async Task<string> LineAsync(string? order)
    {
        if (order is not null)
        {
            await _process.StandardInput.WriteLineAsync(order);
            await _process.StandardInput.FlushAsync();
        }

        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The client ended.");
    }

    public void Dispose()
    {
        // The end of its orders is its end.
        _process.StandardInput.Close();
        _process.WaitForExit(5_000);
        _process.Dispose();
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "Peers", name);
}
