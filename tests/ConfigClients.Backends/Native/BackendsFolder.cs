namespace ConfigClients.Backends.Native;

/// <summary>The folder <c>.backends</c> beside the solution, or the one named by <c>CONFIGCLIENTS_BACKENDS_DIR</c>.</summary>
internal static class BackendsFolder
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("CONFIGCLIENTS_BACKENDS_DIR") is { Length: > 0 } named
            ? System.IO.Path.GetFullPath(named)
            : System.IO.Path.Combine(Checkout(), ".backends");

    public static string FetchScript => System.IO.Path.Combine(Checkout(), "eng", "fetch-backends.sh");

    /// <summary>What the fetch script wrote down; empty when it has not run.</summary>
    public static IReadOnlyDictionary<string, string> ReadEnvironment()
    {
        string file = System.IO.Path.Combine(Path, "env");
        return !File.Exists(file)
            ? new Dictionary<string, string>()
            : File.ReadLines(file)
                .Select(line => line.Split('=', 2))
                .Where(parts => parts.Length == 2)
                .ToDictionary(parts => parts[0], parts => parts[1]);
    }

    private static string Checkout()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "eng", "fetch-backends.sh")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No checkout of this repository above {AppContext.BaseDirectory}.");
    }
}
