namespace ConfigClients.Conformance;

/// <summary>Texts that are not keys.</summary>
public static class BadKeys
{
    /// <summary>The texts, by why they are refused.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["a slash alone"] = "/",
        ["two slashes"] = "//",
        ["a leading slash"] = "/a",
        ["a trailing slash"] = "a/",
        ["a doubled slash"] = "a//b",
        ["a dot"] = ".",
        ["two dots"] = "..",
        ["a dot segment"] = "a/./b",
        ["a parent segment"] = "a/../b",
        ["a parent segment at the end"] = "a/..",
        ["NUL"] = "a\0b",
        ["U+0001"] = "a\u0001b",
        ["a line feed"] = "a\nb",
        ["DEL"] = "a\u007Fb",
        ["U+0085"] = "a\u0085b",
        ["a backslash"] = "a\\b",
        ["half of a pair, high"] = "a\uD83Db",
        ["half of a pair, low"] = "a\uDE00b",
        ["half of a pair at the end"] = "a\uD83D",
        ["not NFC"] = "cafe\u0301",
        ["1025 bytes"] = string.Join('/', Enumerable.Repeat(new string('k', 204), 5)) + "k",
        ["1026 bytes in 2-byte letters"] = string.Join('/', Enumerable.Repeat(new string('é', 102), 5)) + "é",
        ["a segment of 256 bytes"] = "a/" + new string('s', 256),
        ["33 segments"] = string.Join('/', Enumerable.Repeat("d", 33)),
    };

    /// <summary>Why each is refused, for a theory.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The same, and the empty text, which is a prefix but not a key.</summary>
    public static TheoryData<string> NamesAndEmpty => [.. All.Keys, ""];

    /// <summary>Finds a text.</summary>
    /// <param name="name">Why it is refused; empty for the empty text.</param>
    /// <returns>The text.</returns>
    public static string Find(string name) => name.Length == 0 ? "" : All[name];
}
