using System.Diagnostics;

namespace ConfigClients.Backends.Etcd;

/// <summary>One run of <c>etcdctl</c>.</summary>
internal static class EtcdControlProcess
{
    public static Process Start(string tool, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            // Null takes away what the test process itself may have been given.
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start.");
    }

    public static async Task<string> RunAsync(
        string tool, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, string input,
        CancellationToken cancellationToken)
    {
        using Process process = Start(tool, arguments, environment);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process.StandardInput, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"etcdctl {string.Join(' ', arguments)}: {await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static async Task WriteAsync(StreamWriter to, string input, CancellationToken cancellationToken)
    {
        try
        {
            await to.WriteAsync(input.AsMemory(), cancellationToken);
            to.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
    }
}
