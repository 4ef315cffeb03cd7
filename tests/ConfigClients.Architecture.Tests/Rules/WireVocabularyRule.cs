using System.Text.RegularExpressions;

namespace ConfigClients.Architecture.Rules;

/// <summary>Inside a store only <c>Wire/</c> speaks the protocol. Comments may explain it anywhere.</summary>
internal static class WireVocabularyRule
{
    public static readonly IReadOnlyDictionary<string, Regex> Words = new Dictionary<string, Regex>
    {
        ["Embedded"] = new("Sqlite|SELECT|PRAGMA|INSERT INTO|DELETE FROM"),
        ["Consul"] = new("HttpClient|HttpRequestMessage|HttpResponseMessage|HttpStatusCode|SocketsHttpHandler|Utf8JsonReader|Utf8JsonWriter|JsonSerializer|JsonDocument|/v1/|X-Consul"),
        ["Etcd"] = new("Rpc|GrpcChannel|ByteString|StatusCode|SocketsHttpHandler|CallOptions|RangeRequest|TxnRequest|WatchRequest|hasleader"),
        ["ZooKeeper"] = new("Socket|BinaryPrimitives|FrameBuffer|MultiHeader"),
    };

    /// <summary>Where a word may stand outside <c>Wire/</c>, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["src/ConfigClients.Consul/ConsulKeys.cs: /v1/"] = "A key's place in Consul is the path of a URL, and keys are spelled in this file alone.",
    };

    private static readonly Regex Namespaces = new(@"^(Microsoft\.Data\.Sqlite|System\.Net\.Http|System\.Net\.Sockets|System\.Text\.Json|Grpc\.\w+|Google\.Protobuf|Etcdserverpb|Mvccpb|dotnet_etcd)\b");

    public static IEnumerable<string> Faults(SourceFile file, Regex words)
    {
        if (file.Path.Contains("/Wire/", StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (var directive in file.Root.Usings.Where(directive => Namespaces.IsMatch(directive.NamespaceOrType.ToString())))
        {
            yield return $"{file.At(directive)}: uses {directive.NamespaceOrType}; only Wire/ may.";
        }

        foreach (var token in file.Root.DescendantTokens().Where(token => words.Matches(token.Text).Any(word => !Reasons.ContainsKey($"{file.Path}: {word.Value}"))))
        {
            yield return $"{file.At(token)}: \"{token.Text}\" belongs into Wire/.";
        }
    }
}
