using System.Text.RegularExpressions;

namespace ConfigClients.Architecture.Rules;

/// <summary>A relative link leads somewhere: to a file or folder, and to a heading of it if it names one.</summary>
internal static partial class LinkRule
{
    /// <param name="pages">All pages.</param>
    /// <param name="exists">Whether a path from the root is there.</param>
    public static IEnumerable<string> Faults(IReadOnlyCollection<TextFile> pages, Func<string, bool> exists)
    {
        Dictionary<string, HashSet<string>> anchors = pages.ToDictionary(page => page.Path, Anchors);
        foreach (TextFile page in pages)
        {
            foreach (string link in Links(page))
            {
                string[] parts = link.Split('#', 2);
                string target = parts[0].Length == 0 ? page.Path : Resolve(page.Folder, parts[0]);
                if (!exists(target))
                {
                    yield return $"{page.Path}: {link} leads nowhere.";
                }
                else if (parts.Length == 2 && !(anchors.TryGetValue(target, out HashSet<string>? known) && known.Contains(parts[1])))
                {
                    yield return $"{page.Path}: {link} names no heading of {target}.";
                }
            }
        }
    }

    /// <summary>The relative links of a page; code is not read.</summary>
    public static IEnumerable<string> Links(TextFile page) =>
        Link().Matches(Code().Replace(page.Text, "")).Select(match => match.Groups[1].Value).Where(link => !link.Contains(':', StringComparison.Ordinal));

    private static HashSet<string> Anchors(TextFile page) =>
        [.. Code().Replace(page.Text, "x").Split('\n').Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static string Resolve(string folder, string link)
    {
        Stack<string> path = new(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (string step in link.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "..")
            {
                path.TryPop(out _);
            }
            else if (step != ".")
            {
                path.Push(step);
            }
        }

        return string.Join('/', path.Reverse());
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("(?ms)^```.*?^```")]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
