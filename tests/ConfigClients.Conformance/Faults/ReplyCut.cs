namespace ConfigClients.Conformance.Faults;

/// <summary>An order to lose replies: the server has acted, the client does not learn of it.</summary>
/// <remarks>Thread-safe: every connection of the proxy asks it.</remarks>
internal sealed class ReplyCut(int times, Func<string, bool>? matches)
{
    private int _left = times;

    /// <summary>Whether the reply to this request is one to lose; each yes is counted.</summary>
    public bool Claims(string requestLine) =>
        (matches is null || matches(requestLine)) && Interlocked.Decrement(ref _left) >= 0;
}
