using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ConfigClients.Proof.Processes;

/// <summary>One process of the proof: this program in another role. Says one line at a time, and hears one line at a time.</summary>
/// <remarks>What it had said before it was killed is in the pipe and is read all the same. It ends when this process does.</remarks>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly Process _process;
    private readonly Task _reading;

    private ChildProcess(Process process, Action<string> hear)
    {
        _process = process;
        _reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                hear(line);
            }
        });
    }

    /// <summary>When it was killed, by the monotonic clock, a moment before; null while it was not.</summary>
    public long? KilledAt { get; private set; }

    /// <summary>Whether it ended without being told.</summary>
    public bool HasFailed => _process.HasExited && KilledAt is null && _process.ExitCode != 0;

    /// <summary>Starts one.</summary>
    /// <param name="arguments">Role and arguments.</param>
    /// <param name="hear">Called with every line it says.</param>
    /// <returns>The process.</returns>
    public static ChildProcess Start(IEnumerable<string> arguments, Action<string> hear)
    {
        ProcessStartInfo start = new("dotnet", ["exec", typeof(ChildProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new ChildProcess(Process.Start(start)!, hear);
    }

    /// <summary>Tells it something; one that has ended does not hear it.</summary>
    /// <param name="line">The line.</param>
    public void Tell(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <summary>Stops it where it stands: SIGSTOP.</summary>
    public void Pause() => Send(Stop);

    /// <summary>Lets it go on: SIGCONT.</summary>
    public void Resume() => Send(Continue);

    /// <summary>Kills it: SIGKILL. Returns when it is gone and all it said is heard.</summary>
    /// <returns>When done.</returns>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            KilledAt = Stopwatch.GetTimestamp();
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>Tells it to end, and waits; kills it if it does not.</summary>
    /// <param name="limit">How long to wait.</param>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> EndAsync(TimeSpan limit)
    {
        Tell("end");
        using CancellationTokenSource late = new(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            await _reading;
            return true;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Send(int signal)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
