using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using Google.Protobuf;
using Grpc.Core;

namespace ConfigClients.Etcd.Wire;

/// <summary>What went wrong below the answers: connections, TLS, and answers that are none.</summary>
internal static class EtcdFailures
{
    /// <summary>Longest text of a server that goes into a message.</summary>
    private const int MaxText = 200;

    /// <summary>Makes the exception for a call that failed.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="member">The endpoint.</param>
    /// <param name="isWrite">Whether the request could change something.</param>
    public static StoreException From(RpcException failure, string member, bool isWrite)
    {
        Exception? cause = failure.Status.DebugException;
        if (Find<AuthenticationException>(cause) is { } tls)
        {
            return new StoreException(StoreError.Denied, $"The TLS handshake with {member} failed: {Brief((tls.InnerException ?? tls).Message)}", false, failure);
        }

        if (Find<HttpRequestException>(cause) is { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return new StoreException(StoreError.Unavailable, $"{member} did not complete the TLS handshake. It may not speak TLS.", false, failure);
        }

        if (cause is not null && (IsAboutConnecting(cause) || failure.Status.Detail.StartsWith("Error connecting to subchannel", StringComparison.Ordinal)))
        {
            string why = Find<SocketException>(cause)?.SocketErrorCode.ToString() ?? "no connection";
            return new StoreException(StoreError.Unavailable, $"{member} could not be reached ({why}).", false, failure);
        }

        if (FindBrokenHandshake(cause) is { } handshake)
        {
            // Where not even the first frames could be sent, no request was; where only the answer to them did not come, one may have gone with them.
            return new StoreException(
                StoreError.Unavailable,
                $"{member} did not answer as HTTP/2. It may speak TLS where http was given, ask for another client certificate, or not be etcd.",
                isWrite && handshake is HttpIOException,
                failure);
        }

        if (Find<TimeoutException>(cause) is not null)
        {
            return NotReached(member, failure);
        }

        if (Find<StoreException>(cause) is { } told)
        {
            // An answer that is read straight into entries says itself what is wrong with it.
            return told;
        }

        if (Find<InvalidProtocolBufferException>(cause) is not null || Find<InvalidDataException>(cause) is not null)
        {
            return new StoreException(StoreError.ProtocolViolation, $"{member} gave an answer that cannot be read. This does not look like etcd.", isWrite, failure);
        }

        return EtcdErrors.FromStatus((int)failure.StatusCode, Brief(failure.Status.Detail), isWrite, member, failure);
    }

    /// <summary>
    /// Makes the exception for a call that was cut short, but by nobody on this side: no connection could be made in time, or the server cancelled it or ran out of time.
    /// The channel reports all of these alike.
    /// </summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="member">The endpoint.</param>
    /// <param name="isWrite">Whether the request could change something.</param>
    public static StoreException From(OperationCanceledException failure, string member, bool isWrite) => Find<TimeoutException>(failure) is not null
        ? NotReached(member, failure)
        : new StoreException(StoreError.Unavailable, $"{member} gave up the call.", isWrite, failure);

    /// <summary>A text of the server, fit for a message: one line, printable, short.</summary>
    public static string Brief(string text)
    {
        string line = string.Concat(text.Take(MaxText).Select(static c => char.IsControl(c) ? ' ' : c));
        return text.Length > MaxText ? line + "…" : line;
    }

    /// <summary>Makes the exception for an answer that does not follow the protocol.</summary>
    /// <param name="what">What is wrong with it.</param>
    /// <param name="isWrite">Whether the request could change something.</param>
    public static StoreException Violation(string what, bool isWrite) =>
        new(StoreError.ProtocolViolation, $"{what}. This does not look like etcd.", isWrite);

    private static StoreException NotReached(string member, Exception failure) =>
        new(StoreError.Unavailable, $"{member} could not be reached within ConnectTimeout.", false, failure);

    private static bool IsAboutConnecting(Exception cause) => Find<HttpRequestException>(cause) is
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
    };

    private static IOException? FindBrokenHandshake(Exception? cause)
    {
        while (cause is not null and not IOException)
        {
            cause = cause.InnerException;
        }

        return cause is IOException failure && failure.Message.Contains("connection could not be established", StringComparison.Ordinal) ? failure : null;
    }

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }
}
