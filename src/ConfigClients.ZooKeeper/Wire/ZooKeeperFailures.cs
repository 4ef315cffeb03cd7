namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The exceptions for everything that can become of a request.</summary>
internal static class ZooKeeperFailures
{
    /// <summary>The server answered with an error.</summary>
    public static ZooKeeperException Refused(ZooKeeperRequest request, ZooKeeperError error)
    {
        // An error is an answer: it was not carried out. Only when the server itself broke, nobody knows.
        bool unknown = error is ZooKeeperError.SystemError or ZooKeeperError.DataInconsistency or ZooKeeperError.OperationTimeout;
        return new ZooKeeperException(error, $"{request.Name} {Quote(request.Path)} was refused: {Name(error)}.", unknown && request.IsWrite) { Path = request.Path };
    }

    /// <summary>The connection broke while the answer was awaited.</summary>
    public static ZooKeeperException Lost(ZooKeeperRequest request, Exception reason)
    {
        ZooKeeperError error = reason is ZooKeeperException { Error: ZooKeeperError.ProtocolViolation or ZooKeeperError.AuthFailed or ZooKeeperError.Closed } known
            ? known.Error
            : ZooKeeperError.ConnectionLoss;
        return new ZooKeeperException(
            error, $"The connection broke before the answer to {request.Name} {Quote(request.Path)} had come.", request.IsWrite, reason) { Path = request.Path };
    }

    /// <summary>The answer did not come in time.</summary>
    public static ZooKeeperException TimedOut(ZooKeeperRequest request, TimeSpan timeout) =>
        new(ZooKeeperError.RequestTimeout, $"{request.Name} {Quote(request.Path)} was not answered within {timeout.TotalSeconds} s.", request.IsWrite) { Path = request.Path };

    /// <summary>No server was there in time.</summary>
    public static ZooKeeperException NotSent(ZooKeeperRequest request, TimeSpan? timeout, Exception? reason) =>
        new(
            reason is ZooKeeperException { Error: ZooKeeperError.TlsFailed } ? ZooKeeperError.TlsFailed : ZooKeeperError.ConnectionLoss,
            $"No server took {request.Name} {Quote(request.Path)}{(timeout is { } waited ? $" within {waited.TotalSeconds} s" : "")}.{(reason is null ? "" : $" The last failure: {reason.Message}")}",
            innerException: reason)
        { Path = request.Path };

    /// <summary>The session it belonged to is over, and it was not sent.</summary>
    public static ZooKeeperException SessionOver(ZooKeeperRequest request) =>
        new(ZooKeeperError.SessionExpired, $"The session that {request.Name} {Quote(request.Path)} belongs to is over; nothing was sent.") { Path = request.Path };

    /// <summary>It is too large to be sent.</summary>
    public static ZooKeeperException TooLarge(string path, long bytes) =>
        new(ZooKeeperError.RequestTooLarge, $"The request for {Quote(path)} has more than {ZooKeeperWriter.MaxFrameBytes} bytes ({bytes}), the limit of servers with default settings.") { Path = path };

    /// <summary>Its answer is too large to be taken.</summary>
    public static ZooKeeperException AnswerTooLarge(ZooKeeperRequest request, int bytes, int limit) =>
        new(ZooKeeperError.ResponseTooLarge, $"The answer to {request.Name} {Quote(request.Path)} has {bytes} bytes; the limit is {limit}.", request.IsWrite) { Path = request.Path };

    /// <summary>The server is read-only.</summary>
    public static ZooKeeperException ReadOnly(ZooKeeperRequest request) =>
        new(ZooKeeperError.NotReadOnly, $"{request.Name} {Quote(request.Path)} was not sent: the only server in reach is read-only.") { Path = request.Path };

    /// <summary>The name of an error, or its number.</summary>
    public static string Name(ZooKeeperError error) => Enum.IsDefined(error) ? error.ToString() : ((int)error).ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Paths come from callers, and callers take them from anywhere; a checked path holds no control character.
    private static string Quote(string path) => $"\"{(path.Length <= 200 ? path : path[..200] + "…")}\"";
}
