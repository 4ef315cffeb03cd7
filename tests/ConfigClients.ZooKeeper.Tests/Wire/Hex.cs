namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Captured bytes as text: spaces only for reading.</summary>
internal static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));

    public static string Text(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Without the spaces.</summary>
    public static string Plain(string text) => Text(Bytes(text));
}
