using System.Text.Json.Serialization;

namespace ConfigClients.Conformance;

/// <summary>How <see cref="TestDocument"/> is read and written.</summary>
[JsonSerializable(typeof(TestDocument))]
public sealed partial class TestJsonContext : JsonSerializerContext;
