using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConfigClients.Architecture;

/// <summary>A parsed C# file.</summary>
/// <param name="File">The file.</param>
/// <param name="Root">Its syntax.</param>
internal sealed record SourceFile(TextFile File, CompilationUnitSyntax Root)
{
    public string Path => File.Path;

    /// <summary>The types that are not inside another type, delegates included.</summary>
    public IEnumerable<MemberDeclarationSyntax> TopLevelTypes => Types.Where(type => type.Parent is not TypeDeclarationSyntax);

    /// <summary>All types, delegates included.</summary>
    public IEnumerable<MemberDeclarationSyntax> Types =>
        Root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    public static SourceFile Parse(TextFile file) =>
        new(file, CSharpSyntaxTree.ParseText(file.Text, new CSharpParseOptions(LanguageVersion.Latest)).GetCompilationUnitRoot());

    public static SourceFile Parse(string path, string text) => Parse(new TextFile(path, text));

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declaration => declaration.Identifier.Text,
        DelegateDeclarationSyntax declaration => declaration.Identifier.Text,
        _ => "",
    };

    /// <summary>Path and line of a node, for a message.</summary>
    public string At(SyntaxNodeOrToken place) => $"{Path}:{(place.GetLocation()?.GetLineSpan().StartLinePosition.Line ?? 0) + 1}";
}
