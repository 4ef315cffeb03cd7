using System.Diagnostics;
using DotNet.Testcontainers.Containers;

namespace ConfigClients.Backends.Containers;

/// <summary>Removes the containers of this test host when it is gone, even when it was killed.</summary>
/// <remarks>A shell waits for the end of a pipe that only the host holds. Needs the <c>docker</c> command; without it a killed host leaves its containers behind.</remarks>
internal static class ContainerGuard
{
    private const string Script =
        """
        cat
        docker ps -aq --filter "label=$1" | xargs -r docker rm -fv
        docker network ls -q --filter "label=$1" | xargs -r docker network rm
        """;

    private static readonly Lazy<Process?> Shell = new(Start);

    public static void EnsureStarted() => _ = Shell.Value;

    private static Process? Start()
    {
        string label = $"org.testcontainers.session-id={ResourceReaper.DefaultSessionId:D}";
        ProcessStartInfo start = new("/bin/sh", ["-c", $"{{\n{Script}\n}} >/dev/null 2>&1", "sh", label]) { RedirectStandardInput = true };
        return Process.Start(start);
    }
}
