using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>A server that does what the test says: the broken and hostile ones that no real server can play.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private int _number;

    private FakeServer(Func<FakeLine, Task> script) =>
        _server = new LoopbackServer((stream, stop) => script(new FakeLine(stream, Interlocked.Increment(ref _number), stop)));

    /// <summary>Where it listens.</summary>
    public string Address => $"127.0.0.1:{_server.Port}";

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => _server.Accepted;

    /// <summary>Every connection is served by the script, from its first byte.</summary>
    public static FakeServer Start(Func<FakeLine, Task> script) => new(script);

    /// <summary>Every connection gets a good session; then the script goes on.</summary>
    public static FakeServer Welcoming(Func<FakeLine, Task> script, int timeoutMs = 10_000) => new(async line =>
    {
        await line.ReadAsync();
        await line.WelcomeAsync(timeoutMs);
        await script(line);
    });

    /// <summary>A client of this server alone.</summary>
    public ZooKeeperClient Connect(Action<ZooKeeperClientOptions>? configure = null)
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse(Address);
        options.RequestTimeout = TimeSpan.FromSeconds(2);
        configure?.Invoke(options);
        return new ZooKeeperClient(options);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
