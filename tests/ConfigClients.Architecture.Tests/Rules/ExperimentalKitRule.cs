using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConfigClients.Architecture.Rules;

/// <summary>What is public in the kit is marked experimental.</summary>
internal static class ExperimentalKitRule
{
    public static IEnumerable<string> Faults(SourceFile file) =>
        from type in PublicKitTypes(file)
        where !type.AttributeLists.SelectMany(list => list.Attributes).Any(IsMark)
        select $"{file.At(type)}: {SourceFile.NameOf(type)} is public in the kit and not [Experimental(\"CONFIGCLIENTS001\")].";

    /// <summary>The public top-level types in namespace <c>ConfigClients.Adapters</c>.</summary>
    public static IEnumerable<MemberDeclarationSyntax> PublicKitTypes(SourceFile file) =>
        file.TopLevelTypes.Where(type =>
            type.Modifiers.Any(SyntaxKind.PublicKeyword)
            && type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Any(space => space.Name.ToString() == "ConfigClients.Adapters"));

    private static bool IsMark(AttributeSyntax attribute) =>
        attribute.Name.ToString() == "Experimental" && attribute.ArgumentList?.Arguments[0].Expression.ToString() == "\"CONFIGCLIENTS001\"";
}
