using System.Text.RegularExpressions;

namespace ConfigClients.Architecture.Rules;

/// <summary>Types are named by what they are: no Util, Helper, Common, Misc, Manager or Base.</summary>
internal static partial class TypeNameRule
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Misc", "Manager", "Base",
    };

    public static IEnumerable<string> Faults(SourceFile file) =>
        from type in file.Types
        let name = SourceFile.NameOf(type)
        from word in Word().Matches(name).Select(match => match.Value)
        where Forbidden.Contains(word)
        select $"{file.At(type)}: {name} says \"{word}\", which says nothing.";

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")]
    private static partial Regex Word();
}
