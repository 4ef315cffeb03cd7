using System.Text.Json.Serialization;

namespace ConfigClients.Recipes.Queueing;

/// <summary>How seats are written, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SeatInfo))]
internal sealed partial class SeatInfoContext : JsonSerializerContext;
