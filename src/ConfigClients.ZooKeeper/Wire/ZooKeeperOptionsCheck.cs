namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Finds the faults in options, all at once. Never repeats a credential.</summary>
internal static class ZooKeeperOptionsCheck
{
    /// <exception cref="ArgumentException">There are faults.</exception>
    public static void Check(ZooKeeperClientOptions options)
    {
        string[] faults = [.. Faults(options)];
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }
    }

    /// <summary>Why a credential must not be sent, or null.</summary>
    public static string? InsecureFault(ZooKeeperClientOptions options)
    {
        bool isInsecure = options.Tls is null && !options.AllowInsecureCredentials && !options.Servers.All(static server => TryParse(server)?.IsLoopback ?? true);
        return isInsecure ? "Credentials would travel in clear to another machine. Set Tls, or AllowInsecureCredentials." : null;
    }

    private static IEnumerable<string> Faults(ZooKeeperClientOptions options)
    {
        if (options.Servers.Count == 0)
        {
            yield return "Servers names at least one server.";
        }

        if (options.Servers.Any(static server => TryParse(server) is null))
        {
            yield return "Each of Servers is \"host\", \"host:port\" or \"[address]:port\".";
        }

        if (options.Chroot.Length > 0 && !IsChroot(options.Chroot))
        {
            yield return "Chroot is empty or a path other than the root, without a slash at its end.";
        }

        foreach ((string name, TimeSpan value, double leastSeconds, double mostSeconds) in new[]
        {
            (nameof(options.SessionTimeout), options.SessionTimeout, 1, 3600),
            (nameof(options.RequestTimeout), options.RequestTimeout, 0.01, 3600),
            (nameof(options.ConnectTimeout), options.ConnectTimeout, 0.01, 60),
        })
        {
            if (value.TotalSeconds < leastSeconds || value.TotalSeconds > mostSeconds)
            {
                yield return $"{name} is {leastSeconds} to {mostSeconds} s.";
            }
        }

        if (options.MaxResponseBytes is < 64 * 1024 or > 64 * 1024 * 1024)
        {
            yield return "MaxResponseBytes is 64 KiB to 64 MiB.";
        }

        if (options.MaxQueuedEvents is < 1 or > 1_000_000)
        {
            yield return "MaxQueuedEvents is 1 to 1,000,000.";
        }

        if (options.Credentials.Count > 0 && InsecureFault(options) is { } insecure)
        {
            yield return insecure;
        }
    }

    private static bool IsChroot(string chroot)
    {
        try
        {
            ZooKeeperPaths.Check(chroot);
            return chroot.Length > 1;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static ZooKeeperServer? TryParse(string server)
    {
        try
        {
            return ZooKeeperServer.Parse(server);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
