using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConfigClients.Architecture.Rules;

/// <summary>No test is switched off in its attribute.</summary>
internal static class SkippedTestRule
{
    private static readonly HashSet<string> Tests = ["Fact", "Theory", "Property", "InlineData", "MemberData", "ClassData"];

    public static IEnumerable<string> Faults(SourceFile file) =>
        from attribute in TestAttributes(file)
        from argument in attribute.ArgumentList?.Arguments ?? default
        where argument.NameEquals?.Name.ToString() is "Skip" or "Explicit"
        select $"{file.At(attribute)}: {attribute}";

    /// <summary>The attributes that make a method a test or give it data.</summary>
    public static IEnumerable<AttributeSyntax> TestAttributes(SourceFile file) =>
        file.Root.DescendantNodes().OfType<AttributeSyntax>().Where(attribute => Tests.Contains(attribute.Name.ToString()));
}
