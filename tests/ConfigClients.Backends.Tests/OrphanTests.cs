using System.Diagnostics;
using System.Net.Sockets;
using ConfigClients.Backends.Consul;

namespace ConfigClients.Backends.Tests;

public sealed class OrphanTests
{
    private const string ReportVariable = "CONFIGCLIENTS_TESTS_REPORT_TO";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_does_not_outlive_a_test_host_that_is_killed()
    {
        // The same test in a second process plays the host that is killed.
        if (Environment.GetEnvironmentVariable(ReportVariable) is { Length: > 0 } reportTo)
        {
            await RunServerAsync(reportTo);
            return;
        }

        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        string report = Path.GetTempFileName();
        string hostProgram = Path.ChangeExtension(typeof(OrphanTests).Assembly.Location, null);
        string filter = $"{typeof(OrphanTests).FullName}.{nameof(A_server_does_not_outlive_a_test_host_that_is_killed)}";
        ProcessStartInfo start = new(hostProgram, ["-method", filter]) { RedirectStandardOutput = true };
        start.Environment[ReportVariable] = report;

        using Process host = Process.Start(start)!;
        try
        {
            await Eventually.TrueAsync(() => File.ReadAllText(report).EndsWith('\n'));
            int port = int.Parse(File.ReadAllText(report), System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(Listens(port));
            host.Kill();

            await Eventually.TrueAsync(() => !Listens(port));
        }
        finally
        {
            // Also when this test fails first: the second process must not stay.
            host.Kill();
            File.Delete(report);
        }
    }

    private static async Task RunServerAsync(string report)
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Stop);

        await File.WriteAllTextAsync(report, $"{consul.Port}\n", Stop);
        await Task.Delay(TimeSpan.FromMinutes(2), Stop);
    }

    private static bool Listens(int port)
    {
        using TcpClient client = new();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
