namespace ConfigClients.Architecture.Rules;

/// <summary>Store pages have the same headings in the same order, so that stores can be compared.</summary>
internal static class PageHeadingsRule
{
    public static IEnumerable<string> Faults(IReadOnlyList<TextFile> pages)
    {
        string first = Headings(pages[0]);
        return pages.Skip(1).Where(page => Headings(page) != first)
            .Select(page => $"{page.Path} has the headings [{Headings(page)}], {pages[0].Path} has [{first}].");
    }

    private static string Headings(TextFile page) =>
        string.Join(" · ", page.Text.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..].Trim()));
}
