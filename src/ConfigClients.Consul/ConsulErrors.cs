using ConfigClients.Consul.Wire;

namespace ConfigClients.Consul;

/// <summary>What an answer that is not a success means. The status alone does not say: many faults of the client come as 500 with a text.</summary>
internal static class ConsulErrors
{
    /// <summary>Makes the exception for an answer.</summary>
    /// <param name="status">The status.</param>
    /// <param name="text">The body, cut and printable.</param>
    /// <param name="isWrite">Whether the request could change something.</param>
    /// <param name="retryAfter">What the server asks to wait.</param>
    public static StoreException FromStatus(int status, string text, bool isWrite, TimeSpan? retryAfter = null)
    {
        StoreError error = Classify(status, text);
        bool mayHaveApplied = isWrite && error == StoreError.Unavailable && !ProvesNoLeader(text);
        return new StoreException(error, Message(error, status, text), mayHaveApplied) { RetryAfter = retryAfter };
    }

    /// <summary>Makes the exception for one refusal inside a transaction, or null if it is a condition that did not hold.</summary>
    /// <param name="text">What Consul says.</param>
    public static StoreException? FromRefusal(string text) => text switch
    {
        // By how the text starts and ends, not by what it holds: it quotes keys.
        _ when Starts(text, "Permission denied") || Starts(text, "ACL not found") => new StoreException(StoreError.Denied, $"Consul refused: {ConsulFailures.Brief(text)}."),
        _ when Starts(text, "invalid session") => new StoreException(StoreError.SessionEnded, $"Consul refused: {ConsulFailures.Brief(text)}. Nothing was written."),
        _ when text.EndsWith("due to lock delay", StringComparison.Ordinal) => new StoreException(
            StoreError.Throttled, "A session of another client ended while it held this key, and its lock-delay has not passed yet."),
        _ when Starts(text, "unknown KV verb") => new StoreException(StoreError.Unsupported, $"Consul refused: {ConsulFailures.Brief(text)}."),
        _ => null,
    };

    private static StoreError Classify(int status, string text) => status switch
    {
        401 or 403 => StoreError.Denied,
        413 => StoreError.TooLarge,
        429 => StoreError.Throttled,
        400 when Has(text, "nterprise") => StoreError.Unsupported,
        400 when Has(text, "HTTPS server") => StoreError.ProtocolViolation,
        400 => StoreError.InvalidRequest,
        405 or 501 => StoreError.Unsupported,
        408 => StoreError.Unavailable,
        500 => ClassifyText(text),
        > 500 and < 600 => StoreError.Unavailable,
        _ => StoreError.ProtocolViolation,
    };

    private static StoreError ClassifyText(string text) => text switch
    {
        _ when Has(text, "Permission denied") || Has(text, "ACL not found") => StoreError.Denied,
        _ when Has(text, "invalid session") || (Has(text, "Session") && Has(text, "not found")) => StoreError.SessionEnded,
        _ when Has(text, "No path to datacenter") => StoreError.Unsupported,
        _ when Has(text, "no space left") => StoreError.StoreFull,
        _ when Has(text, "TTL") || Has(text, "UUID") || Has(text, "strconv") || Has(text, "Invalid") || Has(text, "invalid key") => StoreError.InvalidRequest,
        _ => StoreError.Unavailable,
    };

    private static bool ProvesNoLeader(string text) => Has(text, "No cluster leader");

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    private static bool Starts(string text, string part) => text.StartsWith(part, StringComparison.Ordinal);

    private static string Message(StoreError error, int status, string text)
    {
        string said = text.Length == 0 ? $"Consul answered {status}." : $"Consul answered {status}: {text.TrimEnd('.')}.";
        return error switch
        {
            StoreError.Throttled => said + " It asks for fewer requests or connections from this address.",
            StoreError.Denied => said + " The ACL token is missing, unknown, or lacks this permission.",
            StoreError.ProtocolViolation => said + " This does not look like Consul's HTTP interface.",
            _ => said,
        };
    }
}
