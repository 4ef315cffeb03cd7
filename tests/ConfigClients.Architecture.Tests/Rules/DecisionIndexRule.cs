namespace ConfigClients.Architecture.Rules;

/// <summary>Every decision is in the index, under a number of its own.</summary>
internal static class DecisionIndexRule
{
    /// <param name="index">The index.</param>
    /// <param name="pages">The names of the decisions' files.</param>
    public static IEnumerable<string> Faults(TextFile index, IReadOnlyCollection<string> pages)
    {
        HashSet<string> links = [.. LinkRule.Links(index)];
        foreach (string page in pages.Where(page => !links.Contains(page)))
        {
            yield return $"{page} is not in the index.";
        }

        foreach (IGrouping<string, string> same in pages.GroupBy(page => page[..4]).Where(same => same.Count() > 1))
        {
            yield return $"{string.Join(" and ", same)} have the same number.";
        }
    }
}
