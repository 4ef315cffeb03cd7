using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ConfigClients.Backends.Native;

/// <summary>A server process that cannot outlive the test host, not even when the host is killed.</summary>
/// <remarks>
/// A shell stands between. It reads from a pipe that only the host holds; when the host is gone the pipe ends,
/// and the shell kills the server and removes its folder. The kernel's own way, a parent-death signal, would
/// fire when the *thread* that started the server ends.
/// </remarks>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const string Script =
        """
        trap '' INT
        exec 3<&0
        "$@" </dev/null 3<&- >>"$SERVER_LOG" 2>&1 &
        server=$!
        { cat <&3; : >"$SERVER_FOLDER/orphaned"; kill -9 "$server"; } >/dev/null 2>&1 &
        guard=$!
        echo "$server"
        wait "$server"
        kill -9 "$guard"
        if [ -e "$SERVER_FOLDER/orphaned" ]; then rm -rf "$SERVER_FOLDER"; fi
        """;

    private readonly Process _shell;

    private ServerProcess(Process shell, int pid)
    {
        _shell = shell;
        Id = pid;
    }

    public int Id { get; }

    public bool HasEnded => _shell.HasExited;

    public static async Task<ServerProcess> StartAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string folder, string logFile)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", Script, "sh", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["SERVER_LOG"] = logFile;
        start.Environment["SERVER_FOLDER"] = folder;

        Process shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start.");
        string pid = await shell.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("/bin/sh said nothing.");
        return new(shell, int.Parse(pid, CultureInfo.InvariantCulture));
    }

    /// <summary>Sends a signal, or does nothing when the server has ended: its number may be someone else's by now.</summary>
    public void Send(Signal signal)
    {
        if (!HasEnded)
        {
            _ = SendSignal(Id, (int)signal);
        }
    }

    /// <summary>Stops all threads, and returns when they have stopped: the kernel does it one by one, after the signal was sent.</summary>
    public async Task PauseAsync()
    {
        Send(Signal.Stop);
        while (!HasEnded && Directory.GetDirectories($"/proc/{Id}/task").Any(IsRunning))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <returns>Whether the server ended within the limit.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit)
    {
        using CancellationTokenSource timeout = new(limit);
        try
        {
            await _shell.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Send(Signal.Kill);
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    /// <remarks>The state is the letter behind the name, which is in parentheses and may hold anything.</remarks>
    private static bool IsRunning(string thread)
    {
        try
        {
            string status = File.ReadAllText($"{thread}/stat");
            return status[status.LastIndexOf(')') + 2] is not 'T';
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int SendSignal(int pid, int signal);
}
