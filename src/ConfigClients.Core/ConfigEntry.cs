using System.Text;

namespace ConfigClients;

/// <summary>One key, its value, and which version of it this is. Immutable.</summary>
/// <param name="key">The key, as the contract spells it.</param>
/// <param name="value">The value; empty is a value, too.</param>
/// <param name="revision">The write that made this version.</param>
/// <param name="createRevision">The write that created the key.</param>
/// <param name="sessionId">The session that the key lives with, or null for a permanent key.</param>
public sealed class ConfigEntry(
    string key, ReadOnlyMemory<byte> value, Revision revision, long createRevision, string? sessionId = null)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The value, up to 512 KiB. Never changes after the entry was read.</summary>
    public ReadOnlyMemory<byte> Value { get; } = value;

    /// <summary>The write that made this version; pass it to <see cref="Condition.UnchangedSince"/>.</summary>
    public Revision Revision { get; } = revision;

    /// <summary>
    /// The write that created the key. Rises in creation order over the whole store and is never reused,
    /// so it tells a key from its successor under the same name, and serves as fencing token.
    /// </summary>
    public long CreateRevision { get; } = createRevision;

    /// <summary>The <see cref="IStoreSession.Id"/> the key lives with, or null for a permanent key.</summary>
    public string? SessionId { get; } = sessionId;

    /// <summary>The value as text.</summary>
    /// <returns>The text, without a byte order mark.</returns>
    /// <exception cref="DecoderFallbackException">The value is not UTF-8.</exception>
    public string GetString()
    {
        ReadOnlySpan<byte> bytes = Value.Span;
        return Strict.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
    }

    /// <summary>Key and revision; never the value.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"{Key}@{Revision}";
}
