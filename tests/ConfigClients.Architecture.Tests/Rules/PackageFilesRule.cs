namespace ConfigClients.Architecture.Rules;

/// <summary>A package carries a page of its own and a record of its public members.</summary>
internal static class PackageFilesRule
{
    private static readonly string[] Required = ["README.md", "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt"];

    /// <param name="project">The shipped project.</param>
    /// <param name="files">The files beside the project file.</param>
    public static IEnumerable<string> Faults(string project, IReadOnlyCollection<TextFile> files)
    {
        foreach (string name in Required.Where(name => files.All(file => file.Name != name)))
        {
            yield return $"{project}: {name} is missing.";
        }

        foreach (TextFile page in files.Where(file => file.Name == "README.md"))
        {
            foreach (string link in LinkRule.Links(page))
            {
                yield return $"{page.Path}: {link} is relative; the package leaves the repository.";
            }
        }
    }
}
