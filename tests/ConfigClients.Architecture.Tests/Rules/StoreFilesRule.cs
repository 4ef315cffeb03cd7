namespace ConfigClients.Architecture.Rules;

/// <summary>Stores have the same files under the same names.</summary>
internal static class StoreFilesRule
{
    private static readonly string[] Required =
    [
        "{0}Store.cs", "{0}Session.cs", "{0}Watch.cs", "{0}Keys.cs", "{0}Errors.cs", "{0}StoreOptions.cs", "{0}StoreOptionsValidator.cs",
        "{0}BuilderExtensions.cs", "{0}StoreFactory.cs", "Log.cs", "README.md",
    ];

    /// <param name="store">The store's name: <c>Consul</c>.</param>
    /// <param name="files">Its files, as paths inside the project.</param>
    public static IEnumerable<string> Faults(string store, IReadOnlyCollection<string> files)
    {
        foreach (string name in Required.Select(name => string.Format(null, name, store)))
        {
            if (!files.Contains(name))
            {
                yield return $"{store}: {name} is missing.";
            }
        }

        if (!files.Any(file => file.StartsWith("Wire/", StringComparison.Ordinal)))
        {
            yield return $"{store}: Wire/ is missing or empty.";
        }

        foreach (string file in files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)))
        {
            string name = file.Split('/')[^1];
            if (name != "Log.cs" && !name.StartsWith(store, StringComparison.Ordinal) && !file.StartsWith("Wire/", StringComparison.Ordinal))
            {
                yield return $"{store}: {file} does not start with the store's name.";
            }
        }
    }
}
