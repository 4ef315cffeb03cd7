namespace ConfigClients.Etcd;

/// <summary>What a status means. The code alone does not say: the same one stands for "not carried out" and for "nobody knows".</summary>
internal static class EtcdErrors
{
    /// <summary>Makes the exception for a status that the server, or something before it, answered.</summary>
    /// <param name="code">The number of the status.</param>
    /// <param name="text">Its text, cut and printable.</param>
    /// <param name="isWrite">Whether the request could change something.</param>
    /// <param name="member">Who answered.</param>
    /// <param name="cause">What was thrown.</param>
    public static StoreException FromStatus(int code, string text, bool isWrite, string member = "etcd", Exception? cause = null)
    {
        (StoreError error, bool unknownOutcome) = Classify(code, text);
        return new StoreException(error, Message(error, code, text, member), isWrite && unknownOutcome, cause);
    }

    /// <summary>Whether the status says that the token is not, or no longer, good: nothing was carried out, and a new token may help.</summary>
    public static bool AsksForToken(int code, string text) =>
        code == 16 || (code == 3 && (Has(text, "user name is empty") || Has(text, "revision of auth store is old") || Has(text, "invalid auth token")));

    /// <summary>Makes the exception for a watch that the server ended, for a reason that it gives as a text only.</summary>
    /// <param name="reason">The reason, cut and printable; may be empty.</param>
    public static StoreException FromCancelledWatch(string reason) =>
        IsAboutToken(reason) ? new StoreException(StoreError.Unavailable, $"etcd ended the watch: {reason}. It is begun anew with a new token.")
        : Has(reason, "PermissionDenied") || Has(reason, "permission denied") || Has(reason, "user name is empty")
            ? new StoreException(StoreError.Denied, $"etcd ended the watch: {reason}. The user may not read what is watched.")
        : new StoreException(StoreError.Unavailable, reason.Length == 0 ? "etcd ended the watch." : $"etcd ended the watch: {reason}.");

    /// <summary>Whether a watch was ended because the token of its stream is not good any more.</summary>
    public static bool IsAboutToken(string reason) =>
        Has(reason, "invalid auth token") || Has(reason, "Unauthenticated") || Has(reason, "revision of auth store is old");

    /// <summary>Whether the status says that this server needs no credentials.</summary>
    public static bool SaysAuthIsOff(int code, string text) => code == 9 && Has(text, "authentication is not enabled");

    /// <summary>Whether the status says that the key to keep as it is bound is not there.</summary>
    public static bool SaysKeyIsMissing(int code, string text) => code == 3 && Has(text, "key not found");

    private static (StoreError Error, bool UnknownOutcome) Classify(int code, string text) => code switch
    {
        // Something else answered: a proxy, a web server. What became of the request, it does not say.
        _ when Has(text, "Bad gRPC response") => code == 14 ? (StoreError.Unavailable, true) : (StoreError.ProtocolViolation, true),
        _ when Has(text, "grpc-encoding") || Has(text, "Unexpected grpc-status") => (StoreError.ProtocolViolation, true),
        3 => (ClassifyArgument(text), false),
        5 when Has(text, "lease") => (StoreError.SessionEnded, false),
        5 => (StoreError.InvalidRequest, false),
        7 or 16 => (StoreError.Denied, false),
        8 when Has(text, "too many requests") => (StoreError.Throttled, false),
        8 when Has(text, "space exceeded") => (StoreError.StoreFull, false),
        8 when Has(text, "received message larger") => (StoreError.TooLarge, false),

        // It is the answer that one side does not take: the request was carried out.
        8 when Has(text, "Received message exceeds") || Has(text, "send message larger") => (StoreError.TooLarge, true),
        9 when Has(text, "learner") || Has(text, "not leader") => (StoreError.Unavailable, false),
        9 => (StoreError.InvalidRequest, false),
        11 when Has(text, "TTL") => (StoreError.InvalidRequest, false),
        11 => (StoreError.Unavailable, false),
        12 => (StoreError.Unsupported, false),
        13 when Has(text, "deserializ") => (StoreError.ProtocolViolation, true),
        14 when Has(text, "no leader") || Has(text, "not capable") || Has(text, "learner") => (StoreError.Unavailable, false),
        15 => (StoreError.Corrupt, true),

        // Cancelled by the server, timed out there, leader changed, stopping, connection broken, or a code that nobody documents.
        _ => (StoreError.Unavailable, true),
    };

    private static StoreError ClassifyArgument(string text) => text switch
    {
        _ when Has(text, "too large") || Has(text, "too many operations") => StoreError.TooLarge,
        _ when Has(text, "authentication failed") || Has(text, "user name is empty") || Has(text, "auth token") => StoreError.Denied,
        _ when Has(text, "revision of auth store is old") => StoreError.Unavailable,
        _ => StoreError.InvalidRequest,
    };

    private static string Message(StoreError error, int code, string text, string member)
    {
        string said = text.Length == 0 ? $"{member} answered status {code}." : $"{member} answered: {text.TrimEnd('.')}.";
        return error switch
        {
            StoreError.Denied => said + " The user, its password or its rights do not allow this.",
            StoreError.StoreFull => said + " The space quota is used up: compact, defragment, and disarm the alarm.",
            StoreError.Throttled => said + " The cluster has more proposals than it can carry out.",
            StoreError.ProtocolViolation => said + " This does not look like etcd.",
            StoreError.Unavailable when Has(text, "ENHANCE_YOUR_CALM") => said + " The server takes fewer keep-alive pings than every ten seconds.",
            _ => said,
        };
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);
}
