using System.Text.RegularExpressions;

namespace ConfigClients.Docs;

/// <summary>A fenced block of C# in a page.</summary>
/// <param name="Page">The page, from the root.</param>
/// <param name="Line">The line of the fence.</param>
/// <param name="Marker">What follows the language: nothing, or <c>sketch</c>.</param>
/// <param name="Code">What the block holds.</param>
internal sealed partial record CodeBlock(string Page, int Line, string Marker, string Code)
{
    /// <summary>Not compiled. Allowed in decision records alone, which may show what was never built.</summary>
    public bool IsSketch => Marker == "sketch";

    public string Place => $"{Page}:{Line}";

    /// <summary>Finds the blocks of a page.</summary>
    public static IReadOnlyList<CodeBlock> Find(string page, string text) =>
        [.. Fence().Matches(text).Select(match => new CodeBlock(
            page, text.AsSpan(0, match.Index).Count('\n') + 1, match.Groups["marker"].Value.Trim(), match.Groups["code"].Value))];

    [GeneratedRegex(@"(?ms)^```(csharp|cs|c#)(?<marker>[^\n]*)\n(?<code>.*?)^```\s*$")]
    private static partial Regex Fence();
}
