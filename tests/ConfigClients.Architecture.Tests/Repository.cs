namespace ConfigClients.Architecture;

/// <summary>The checkout that the rules are held against.</summary>
internal static class Repository
{
    private static readonly string[] BuildFolders = ["bin", "obj", ".git", ".backends", "TestResults", "artifacts", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>Reads every file below a folder that ends so. Never empty: a rule that looks at nothing holds nothing.</summary>
    /// <param name="folder">The folder, from the root; empty for the root.</param>
    /// <param name="ending">How the file's name ends.</param>
    /// <returns>The files, sorted by path.</returns>
    public static IReadOnlyList<TextFile> Read(string folder, string ending)
    {
        IReadOnlyList<TextFile> files = Find(folder, ending);
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>As <see cref="Read"/>, parsed.</summary>
    public static IReadOnlyList<SourceFile> ReadSources(string folder) => [.. Read(folder, ".cs").Select(SourceFile.Parse)];

    /// <summary>As <see cref="Read"/>, but there may be none.</summary>
    public static IReadOnlyList<TextFile> Find(string folder, string ending)
    {
        string start = Path.Combine(Root, folder);
        return !Directory.Exists(start)
            ? []
            : [.. Walk(new DirectoryInfo(start))
                .Where(file => file.Name.EndsWith(ending, StringComparison.Ordinal))
                .Select(file => new TextFile(Relative(file.FullName), File.ReadAllText(file.FullName)))
                .OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>Whether a path from the root leads to a file or a folder.</summary>
    public static bool Holds(string path) => Path.Exists(Path.Combine(Root, path));

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(child => !BuildFolders.Contains(child.Name)).SelectMany(Walk));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ConfigClients.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No ConfigClients.sln above {AppContext.BaseDirectory}.");
    }
}
