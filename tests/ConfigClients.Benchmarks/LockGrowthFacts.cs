using System.Globalization;

namespace ConfigClients.Benchmarks;

/// <summary>What a hand-over of a lock costs its server, counted there, as contenders become more. Each has a store and a session of its own.</summary>
internal static class LockGrowthFacts
{
    private static readonly int[] Contenders = [8, 64, 256];

    /// <param name="kind">The store, for the text.</param>
    /// <param name="what">What is counted.</param>
    /// <param name="open">Opens a store.</param>
    /// <param name="count">Reads the server's own count.</param>
    public static async Task<string> MeasureAsync(string kind, string what, Func<IConfigStore> open, Func<Task<double>> count)
    {
        List<string> figures = [];
        foreach (int contenders in Contenders)
        {
            IConfigStore[] stores = [.. Enumerable.Range(0, contenders).Select(_ => open())];
            double before = 0;
            double counted = 0;
            int grants = await LockLoops.GrantsAsync(stores, async () => before = await count(), async () => counted = await count() - before);
            await Task.WhenAll(stores.Select(static store => store.DisposeAsync().AsTask()));
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"{counted / grants:F1} with {contenders}"));
        }

        return $"{kind} lock: {what} per hand-over, counted at the server: {string.Join(", ", figures)} contenders.";
    }

    /// <summary>The sum of all counters of a Prometheus page whose names begin so.</summary>
    public static double Sum(string page, params string[] names) =>
        page.Split('\n').Where(line => Array.Exists(names, name => line.StartsWith(name, StringComparison.Ordinal)))
            .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
