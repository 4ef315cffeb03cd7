using System.Text;

namespace ConfigClients.Conformance;

/// <summary>Values that are no configuration: each the name of a key, and bytes.</summary>
public static class BadDocuments
{
    /// <summary>The values, by why they are refused.</summary>
    public static IReadOnlyDictionary<string, (string Key, byte[] Value)> All { get; } = new Dictionary<string, (string, byte[])>(StringComparer.Ordinal)
    {
        ["not JSON"] = Document("{\n  \"x\": oops }"),
        ["cut off"] = Document("""{"x":"""),
        ["empty"] = Document(""),
        ["two documents"] = Document("{} {}"),
        ["a text"] = Document("\"text\""),
        ["a list"] = Document("[1]"),
        ["a name twice"] = Document("""{"x":1,"x":2}"""),
        ["names that differ by case"] = Document("""{"x":1,"X":2}"""),
        ["one setting by two spellings"] = Document("""{"a:b":1,"a":{"B":2}}"""),
        ["half of a surrogate pair"] = Document("""{"x":"\ud800"}"""),
        ["65 levels"] = Document(new StringBuilder().Insert(0, "{\"x\":", 64).Append("{}").Append('}', 64).ToString()),
        ["100,001 settings"] = Document("{\"x\":[" + string.Join(',', Enumerable.Repeat('1', 100_001)) + "]}"),
        ["a document that is not UTF-8"] = ("doc.json", [(byte)'{', 0xFF, (byte)'}']),
        ["a text that is not UTF-8"] = ("doc", [0x61, 0xFF]),
        ["a text cut inside a letter"] = ("doc", [0xC3]),
    };

    /// <summary>Why each is refused, for a theory.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    private static (string Key, byte[] Value) Document(string text) => ("doc.json", Encoding.UTF8.GetBytes(text));
}
