using System.Diagnostics;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;

namespace ConfigClients.Tests;

/// <summary>The sample runs as its own process, as a reader of it would run it.</summary>
public sealed class QuickstartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_quickstart_shows_its_change_on_consul_and_ends_by_itself()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Cancelled);
        string store = $"consul://127.0.0.1:{consul.Port}";

        string set = await RunAsync("set", "greeting", "good day", "--store", store);
        string shown = await RunAsync("--store", store);

        Assert.Contains("greeting is set in the consul store.", set, StringComparison.Ordinal);
        Assert.Contains("Store: consul. Greeting: \"good day\".", shown, StringComparison.Ordinal);
        Assert.Contains("OnChange: greeting is \"hello at ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quickstart_shows_its_change_without_a_server_and_ends_by_itself()
    {
        using TemporaryFile file = new();

        string shown = await RunAsync("--store", $"embedded:{file.Path}");

        Assert.Contains("Store: embedded. Greeting: \"\".", shown, StringComparison.Ordinal);
        Assert.Contains("OnChange: greeting is \"hello at ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_nothing_said_it_is_the_embedded_store_in_the_users_default_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not ask the environment for that folder.");
        using TemporaryFile file = new();
        string folder = Path.GetDirectoryName(file.Path)!;

        string shown = await RunAsync([("HOME", folder), ("XDG_DATA_HOME", Path.Combine(folder, "data"))]);

        Assert.Contains("Store: embedded. Greeting: \"\".", shown, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, OperatingSystem.IsMacOS() ? "Library/Application Support" : "data", "ConfigClients", "default.db")));
    }

    [Fact]
    public async Task The_environment_says_which_store()
    {
        using TemporaryFile file = new();

        string shown = await RunAsync([("DistributedConfig__Address", $"embedded:{file.Path}")]);

        Assert.Contains("Store: embedded.", shown, StringComparison.Ordinal);
        Assert.True(File.Exists(file.Path));
    }

    [Fact]
    public async Task A_proxy_of_the_environment_hears_of_nothing()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Cancelled);
        string nobody = "http://127.0.0.1:1";

        string shown = await RunAsync(
            [("http_proxy", nobody), ("HTTP_PROXY", nobody), ("all_proxy", nobody), ("ALL_PROXY", nobody), ("no_proxy", ""), ("NO_PROXY", "")],
            "--store",
            $"consul://127.0.0.1:{consul.Port}");

        Assert.Contains("OnChange: greeting is \"hello at ", shown, StringComparison.Ordinal);
    }

    private static Task<string> RunAsync(params string[] arguments) => RunAsync([], arguments);

    private static async Task<string> RunAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        // Its files lie among those of the tests, whose framework brings what the sample would bring itself.
        string tests = Path.Combine(AppContext.BaseDirectory, "ConfigClients.Tests");
        string sample = Path.Combine(AppContext.BaseDirectory, "Quickstart.dll");
        ProcessStartInfo start = new("dotnet", ["exec", "--depsfile", tests + ".deps.json", "--runtimeconfig", tests + ".runtimeconfig.json", sample, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync(Cancelled);
            string output = await process.StandardOutput.ReadToEndAsync(Cancelled).WaitAsync(Patience, Cancelled);
            await process.WaitForExitAsync(Cancelled).WaitAsync(Patience, Cancelled);
            Assert.Equal((0, ""), (process.ExitCode, await errors));
            return output;
        }
        finally
        {
            process.Kill();
        }
    }
}
