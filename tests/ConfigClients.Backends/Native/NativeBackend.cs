namespace ConfigClients.Backends.Native;

/// <summary>A server as a child process of the test host, with a folder of its own.</summary>
internal sealed class NativeBackend : IBackend
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(10);

    private readonly ServerPlan _plan;
    private readonly IReadOnlyList<string> _command;
    private readonly string _folder;
    private ServerProcess? _process;

    private NativeBackend(ServerPlan plan, IReadOnlyList<string> command, string folder)
    {
        _plan = plan;
        _command = command;
        _folder = folder;
        Endpoint = new($"{plan.Scheme}://{Host}:{Port}");
    }

    public string Flavor => "native";

    public string Host => "127.0.0.1";

    public int Port => _plan.ClientPort;

    public Uri Endpoint { get; }

    /// <summary>The process while it runs.</summary>
    public int? ProcessId => _process?.Id;

    private string LogFile => Path.Combine(_folder, "log");

    public static async Task<NativeBackend> StartAsync(ServerPlan plan, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> executable = await NativeServers.CommandAsync(plan.Kind, cancellationToken);
        string folder = Directory.CreateTempSubdirectory($"configclients-{plan.Kind}-").FullName;
        ServerPlace place = new(folder, "127.0.0.1");

        NativeBackend backend = new(plan, [.. executable, .. plan.Arguments(place)], folder);
        try
        {
            foreach ((string name, byte[] content) in plan.Files(place))
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name), content, cancellationToken);
            }

            await backend.RunAsync(cancellationToken);
            return backend;
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
    }

    public Task PauseAsync() => Running().PauseAsync();

    public Task ResumeAsync()
    {
        Running().Send(Signal.Continue);
        return Task.CompletedTask;
    }

    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _process.Send(Signal.Kill);
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            _process.Send(Signal.Continue);
            _process.Send(Signal.Terminate);
            await _process.WaitAsync(GracePeriod);
            await KillAsync();
        }
    }

    public async Task RestartAsync()
    {
        await KillAsync();
        await RunAsync(CancellationToken.None);
    }

    public async Task<string> LogsAsync() => File.Exists(LogFile) ? await File.ReadAllTextAsync(LogFile) : "";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        ServerProcess process = await ServerProcess.StartAsync(_command, _plan.Environment, _folder, LogFile);
        _process = process;
        if (!await Readiness.WaitAsync(
            token => _plan.IsReadyAsync(Host, token), _ => Task.FromResult(process.HasEnded), cancellationToken))
        {
            string what = process.HasEnded ? "ended before it was ready" : $"was not ready after {Readiness.Limit.TotalSeconds} s";
            throw new InvalidOperationException($"{_plan.Kind} {what}. Its log:\n{await LogsAsync()}");
        }
    }

    private ServerProcess Running() => _process ?? throw new InvalidOperationException($"{_plan.Kind} is not running.");
}
