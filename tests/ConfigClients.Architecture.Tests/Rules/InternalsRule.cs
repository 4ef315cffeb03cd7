using System.Text.RegularExpressions;

namespace ConfigClients.Architecture.Rules;

/// <summary>Internals are visible to a project's own tests, by one line for all, and to nobody else.</summary>
internal static partial class InternalsRule
{
    public const string TheLine = "<InternalsVisibleTo Include=\"$(MSBuildProjectName).Tests\" />";

    /// <param name="files">Build files and sources.</param>
    public static IEnumerable<string> Faults(IEnumerable<TextFile> files)
    {
        foreach (TextFile file in files)
        {
            int grants = Grant().Count(file.Text);
            if (file.Name == "Directory.Build.props")
            {
                if (grants != 1 || !file.Text.Contains(TheLine, StringComparison.Ordinal))
                {
                    yield return $"{file.Path}: holds {grants} grants; it must hold exactly {TheLine}";
                }
            }
            else if (grants > 0)
            {
                yield return $"{file.Path}: grants its internals away.";
            }
        }
    }

    [GeneratedRegex("<InternalsVisibleTo|InternalsVisibleTo(Attribute)?\\(")]
    private static partial Regex Grant();
}
