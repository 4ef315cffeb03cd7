using System.Net.Sockets;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Why a server did not take a connection, in words for a person.</summary>
internal static class ZooKeeperVisitFailures
{
    /// <summary>Makes the exception for whatever went wrong.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="endpoint">The server.</param>
    /// <param name="withTls">Whether the connection was to be encrypted.</param>
    public static ZooKeeperException Of(Exception failure, ZooKeeperEndpoint endpoint, bool withTls) => failure switch
    {
        ZooKeeperException known => known,
        OperationCanceledException => Lost($"{endpoint} did not take the connection in time.", failure),
        _ when withTls && Alert(failure) is { } alert => new ZooKeeperException(
            ZooKeeperError.TlsFailed, $"{endpoint} ended the TLS connection ({alert}). It asks for a client certificate that it trusts.", innerException: failure),
        _ when HungUp(failure) && withTls => Lost(
            $"{endpoint} closed a new TLS connection without an answer: it has no quorum, lags behind, has too many connections from here (maxClientCnxns), or does not trust this client's certificate.",
            failure),
        _ when HungUp(failure) => Lost(
            $"{endpoint} closed a new connection without an answer: it has no quorum, lags behind, speaks TLS, or has too many connections from here (maxClientCnxns).",
            failure),
        _ => Lost($"{endpoint} could not be reached{(withTls ? " over TLS" : "")}: {failure.Message}", failure),
    };

    /// <remarks>A server that closes before it has read everything resets the connection.</remarks>
    private static bool HungUp(Exception? failure) => failure is EndOfStreamException
        || (failure as SocketException ?? failure?.InnerException as SocketException) is
        {
            SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown,
        };

    /// <remarks>With TLS 1.3 the server judges the client's certificate after the handshake; its verdict comes where the answer should.</remarks>
    private static string? Alert(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure.Message.Contains("alert ", StringComparison.OrdinalIgnoreCase))
            {
                return failure.Message.Length <= 200 ? failure.Message : failure.Message[..200];
            }
        }

        return null;
    }

    private static ZooKeeperException Lost(string message, Exception cause) => new(ZooKeeperError.ConnectionLoss, message, innerException: cause);
}
