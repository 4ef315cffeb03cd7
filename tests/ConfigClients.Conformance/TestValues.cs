using System.Text;

namespace ConfigClients.Conformance;

/// <summary>Values to write.</summary>
public static class TestValues
{
    /// <summary>Bytes that differ from place to place, so that a shift or a cut shows.</summary>
    /// <param name="sizeBytes">How many.</param>
    /// <returns>The bytes.</returns>
    public static byte[] OfSize(int sizeBytes)
    {
        byte[] bytes = new byte[sizeBytes];
        new Random(sizeBytes).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A text as UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The bytes.</returns>
    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);
}
