namespace ConfigClients.Architecture.Rules;

/// <summary>A file holds one top-level type, and is named like it.</summary>
internal static class OneTypeRule
{
    public static IEnumerable<string> Faults(SourceFile file)
    {
        string[] names = [.. file.TopLevelTypes.Select(SourceFile.NameOf).Distinct()];
        string expected = file.File.Name.Split('.')[0];
        if (names.Length != 1)
        {
            yield return $"{file.Path}: {names.Length} top-level types ({string.Join(", ", names)}); a file holds one.";
        }
        else if (names[0] != expected)
        {
            yield return $"{file.Path}: holds {names[0]}.";
        }
    }
}
