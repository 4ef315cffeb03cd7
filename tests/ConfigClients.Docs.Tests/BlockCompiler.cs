using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConfigClients.Docs;

/// <summary>Compiles a block as a reader would: against what is shipped, with the usings of a new web project.</summary>
/// <remarks>
/// A block of statements is a program; a block of types is a file. Names that a page takes for granted
/// (<c>store</c>, <c>session</c>, <c>builder</c>…) come from <c>Given.txt</c>; a block that declares such a name uses its own.
/// </remarks>
internal static class BlockCompiler
{
    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private static readonly SyntaxTree Given = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Given.txt")), Language);

    /// <returns>The faults, each with the line inside the page; empty if the block compiles.</returns>
    public static IReadOnlyList<string> Faults(CodeBlock block)
    {
        SyntaxTree code = CSharpSyntaxTree.ParseText(block.Code, Language);
        bool isProgram = code.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        CSharpCompilationOptions options = new(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            specificDiagnosticOptions: new Dictionary<string, ReportDiagnostic>
            {
                ["CS8019"] = ReportDiagnostic.Suppress, // a using nobody needs: the page may show where a name comes from
                ["CS0219"] = ReportDiagnostic.Suppress, // a local nobody reads: the reader will
                ["CS8321"] = ReportDiagnostic.Suppress, // likewise a local function
                ["CS1701"] = ReportDiagnostic.Suppress, // two builds of one framework assembly
                ["CS1702"] = ReportDiagnostic.Suppress,
            });
        return
        [
            .. CSharpCompilation.Create("Block", [Given, code], References, options).GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => $"{block.Page}:{block.Line + 1 + diagnostic.Location.GetLineSpan().StartLinePosition.Line}: {diagnostic.Id}: {diagnostic.GetMessage(null)}"),
        ];
    }
}
