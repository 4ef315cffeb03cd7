using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConfigClients.Architecture.Rules;

/// <summary>Every log event has an id of its own in its project's range.</summary>
internal static class LogEventRule
{
    private static readonly Dictionary<string, int> Thousands = new()
    {
        ["ConfigClients.Core"] = 1,
        ["ConfigClients.Embedded"] = 2,
        ["ConfigClients.Consul"] = 3,
        ["ConfigClients.Etcd"] = 4,
        ["ConfigClients.ZooKeeper"] = 5,
        ["ConfigClients"] = 6,
        ["ConfigClients.Recipes"] = 7,
    };

    public static IEnumerable<string> Faults(IEnumerable<SourceFile> files)
    {
        Dictionary<int, string> seen = [];
        foreach (SourceFile file in files)
        {
            foreach (AttributeSyntax attribute in Events(file))
            {
                string place = file.At(attribute);
                if (Id(attribute) is not { } id)
                {
                    yield return $"{place}: the event has no id.";
                }
                else if (!seen.TryAdd(id, place))
                {
                    yield return $"{place}: {id} is the id of the event at {seen[id]}.";
                }
                else if (!Thousands.TryGetValue(file.File.Project, out int thousand) || id / 1000 != thousand)
                {
                    yield return $"{place}: {id} is not in the range of {file.File.Project}.";
                }
            }
        }
    }

    /// <summary>The events that a page does not list in a row of their own.</summary>
    public static IEnumerable<string> Undocumented(IEnumerable<SourceFile> files, TextFile page) =>
        from file in files
        from attribute in Events(file)
        let id = Id(attribute)
        where !page.Text.Contains($"\n| {id} |", StringComparison.Ordinal)
        select $"{file.At(attribute)}: {id} is not in {page.Path}.";

    /// <summary>The log events of a file.</summary>
    public static IEnumerable<AttributeSyntax> Events(SourceFile file) =>
        file.Root.DescendantNodes().OfType<AttributeSyntax>().Where(attribute => attribute.Name.ToString() is "LoggerMessage" or "LoggerMessageAttribute");

    private static int? Id(AttributeSyntax attribute)
    {
        AttributeArgumentSyntax? argument = attribute.ArgumentList?.Arguments.FirstOrDefault(
            candidate => candidate.NameEquals?.Name.ToString() == "EventId" || candidate.NameColon?.Name.ToString() == "eventId")
            ?? attribute.ArgumentList?.Arguments.FirstOrDefault(candidate => candidate.NameEquals is null && candidate.NameColon is null);
        return int.TryParse(argument?.Expression.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }
}
