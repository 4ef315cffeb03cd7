using System.Diagnostics;

namespace ConfigClients.Embedded.Tests;

/// <summary>Another process that writes to a store file until it is killed.</summary>
internal sealed class CrashWriter : IDisposable
{
    private readonly Process _process;

    /// <param name="path">The file.</param>
    /// <param name="mode">What it does: pairs, seat or stamps.</param>
    /// <param name="prefix">Where it writes.</param>
    public CrashWriter(string path, string mode, string prefix)
    {
        string assembly = System.IO.Path.Combine(AppContext.BaseDirectory, "ConfigClients.Embedded.CrashWriter.dll");
        ProcessStartInfo start = new("dotnet", ["exec", assembly, path, mode, prefix]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_gcServer"] = "0";
        _process = Process.Start(start)!;
    }

    /// <summary>The next line it says.</summary>
    public ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => _process.StandardOutput.ReadLineAsync(cancellationToken);

    /// <summary>Kills it with SIGKILL and reads what it had said until then.</summary>
    /// <returns>The rest of its lines.</returns>
    public async Task<IReadOnlyList<string>> KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        string rest = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return rest.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
