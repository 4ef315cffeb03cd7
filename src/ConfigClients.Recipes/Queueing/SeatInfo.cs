using System.Text.Json;

namespace ConfigClients.Recipes.Queueing;

/// <summary>What a contender writes into its seat, for whoever lists the queue.</summary>
/// <param name="By">Who.</param>
/// <param name="At">Since when, by the contender's own clock.</param>
internal sealed record SeatInfo(string By, DateTimeOffset At)
{
    /// <summary>This process, as operators look for it.</summary>
    public static string Self { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SeatInfoContext.Default.SeatInfo);

    /// <summary>Reads one; null for a seat of another tool.</summary>
    public static SeatInfo? Read(ReadOnlySpan<byte> value)
    {
        try
        {
            return value.IsEmpty ? null : JsonSerializer.Deserialize(value, SeatInfoContext.Default.SeatInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
