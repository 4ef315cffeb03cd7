namespace ConfigClients.Architecture.Rules;

/// <summary>Short files: median at most 75 lines, 95th percentile at most 230, none over 400.</summary>
internal static class FileBudgetRule
{
    public static IEnumerable<string> Faults(IReadOnlyCollection<TextFile> files)
    {
        int[] lengths = [.. files.Select(file => file.LineCount).Order()];
        if (Percentile(lengths, 0.5) is var median and > 75)
        {
            yield return $"The median file has {median} lines; the budget is 75.";
        }

        if (Percentile(lengths, 0.95) is var high and > 230)
        {
            yield return $"The 95th percentile is {high} lines; the budget is 230.";
        }

        foreach (TextFile file in files.Where(file => file.LineCount > 400))
        {
            yield return $"{file.Path} has {file.LineCount} lines; no file has more than 400.";
        }
    }

    /// <summary>The smallest length that at least this share of the files does not exceed.</summary>
    private static int Percentile(int[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
