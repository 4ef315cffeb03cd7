namespace ConfigClients.Embedded;

/// <summary>How keys are spelled in the database: as they are. What lies below one is a range, by bytes.</summary>
internal static class EmbeddedKeys
{
    /// <summary>Where the range below a prefix starts; itself not a key.</summary>
    /// <param name="prefix">The prefix, not empty.</param>
    /// <returns>A text that sorts before every key below the prefix and after everything before them.</returns>
    public static string Before(string prefix) => prefix + "/";

    /// <summary>Where it ends. Not included.</summary>
    /// <param name="prefix">The prefix, not empty.</param>
    /// <returns>A text that sorts after every key below the prefix.</returns>
    /// <remarks>The byte that follows the slash is the digit zero.</remarks>
    public static string After(string prefix) => prefix + "0";
}
