namespace ConfigClients.Configuration;

/// <summary>The words for what can go wrong. None of them quotes a value.</summary>
internal static class Faults
{
    public static DistributedConfigError Of(Exception exception) => exception switch
    {
        StoreException { IsTransient: true } => new(DistributedConfigErrorKind.Unavailable, exception.Message) { Exception = exception },
        StoreException e => new(DistributedConfigErrorKind.Refused, $"The store refuses ({e.Error}): {e.Message}") { Exception = e },
        _ => new(DistributedConfigErrorKind.Unavailable, $"Reading the store failed with {exception.GetType().Name}.") { Exception = exception },
    };

    public static DistributedConfigError Unavailable(string? reason) =>
        new(DistributedConfigErrorKind.Unavailable, reason ?? "The store is out of reach.");

    public static DistributedConfigError NoAnswer(TimeSpan budget) =>
        new(DistributedConfigErrorKind.Unavailable, $"The store did not answer within the start-up budget of {budget.TotalSeconds} s.");

    public static DistributedConfigError Empty(IEnumerable<RootState> roots) =>
        new(DistributedConfigErrorKind.Empty, $"The store answers, but there is nothing below {Names(roots)}. A wrong prefix, or a token that may not read it, looks the same.");

    public static DistributedConfigError Vanished(RootState root) =>
        new(DistributedConfigErrorKind.Vanished, $"Everything below {Names([root])} disappeared at revision {root.Revision}.");

    private static string Names(IEnumerable<RootState> roots) =>
        string.Join(", ", roots.Select(root => root.Prefix.Length == 0 ? "the top of the store" : $"\"{root.Prefix}\""));
}
