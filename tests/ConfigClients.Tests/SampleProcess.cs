using System.Collections.Concurrent;
using System.Diagnostics;
using ConfigClients.Conformance;

namespace ConfigClients.Tests;

/// <summary>A sample that runs as a process of its own, with nobody at the keyboard.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task<string> _errors;
    private readonly Task _reading;

    private SampleProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>What it said so far.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Starts one.</summary>
    /// <param name="sample">Which.</param>
    /// <param name="arguments">Its arguments.</param>
    public static SampleProcess Start(string sample, params string[] arguments)
    {
        // Its files lie among those of the tests, whose framework brings what the sample would bring itself.
        string tests = Path.Combine(AppContext.BaseDirectory, "ConfigClients.Tests");
        string program = Path.Combine(AppContext.BaseDirectory, sample + ".dll");
        ProcessStartInfo start = new("dotnet", ["exec", "--depsfile", tests + ".deps.json", "--runtimeconfig", tests + ".runtimeconfig.json", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new SampleProcess(process);
    }

    /// <summary>Waits until what it said so far is right.</summary>
    public async Task SaysAsync(Func<IReadOnlyList<string>, bool> isRight) =>
        await Eventually.ReadAsync(() => Task.FromResult(Lines), isRight, Patience);

    /// <summary>Waits until it ended by itself, without an error.</summary>
    /// <returns>Everything it said.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await _reading.WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal((0, ""), (_process.ExitCode, await _errors));
        return Lines;
    }

    /// <summary>Kills it: no goodbye to the store.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
        }
    }
}
