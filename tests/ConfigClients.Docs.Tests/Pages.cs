namespace ConfigClients.Docs;

/// <summary>The pages whose code is compiled: the README, everything in <c>docs</c>, and the READMEs of packages and samples.</summary>
internal static class Pages
{
    private static readonly string[] Folders = ["docs", "src", "samples"];
    private static readonly string Root = FindRoot();

    public static IReadOnlyList<CodeBlock> Blocks { get; } = [.. Find().SelectMany(page => CodeBlock.Find(page, File.ReadAllText(Path.Combine(Root, page))))];

    private static IEnumerable<string> Find()
    {
        yield return "README.md";
        foreach (string folder in Folders.Where(folder => Directory.Exists(Path.Combine(Root, folder))))
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
            }
        }
    }

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
