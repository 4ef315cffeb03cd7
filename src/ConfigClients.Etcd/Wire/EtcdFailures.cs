using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
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

        switch (Find<HttpRequestException>(cause)?.HttpRequestError)
        {
            case HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError:
                string why = Find<SocketException>(cause)?.SocketErrorCode.ToString() ?? "no connection";
                return new StoreException(StoreError.Unavailable, $"{member} could not be reached ({why}).", false, failure);
            case HttpRequestError.SecureConnectionError:
                return new StoreException(StoreError.Unavailable, $"{member} did not complete the TLS handshake. It may not speak TLS.", false, failure);
        }

        if (Find<Exception>(cause, static e => e.Message.Contains("connection could not be established", StringComparison.Ordinal)) is not null)
        {
            // The first frames of a new connection were not answered. Requests go out right behind them, so this one may have been carried out.
            return new StoreException(
                StoreError.Unavailable,
                $"{member} did not answer as HTTP/2. It may speak TLS where http was given, ask for another client certificate, or not be etcd.",
                isWrite,
                failure);
        }

        return Find<TimeoutException>(cause) is not null
            ? NotReached(member, failure)
            : EtcdErrors.FromStatus((int)failure.StatusCode, Brief(failure.Status.Detail), isWrite, member, failure);
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

    private static T? Find<T>(Exception? failure, Predicate<T>? isMeant = null)
        where T : Exception
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is T found && isMeant?.Invoke(found) != false)
            {
                return found;
            }
        }

        return null;
    }
}
