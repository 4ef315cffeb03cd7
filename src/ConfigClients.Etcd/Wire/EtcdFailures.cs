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

        if (Find<HttpRequestException>(cause) is { } http)
        {
            switch (http.HttpRequestError)
            {
                case HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError:
                    string why = Find<SocketException>(cause)?.SocketErrorCode.ToString() ?? "no connection";
                    return new StoreException(StoreError.Unavailable, $"{member} could not be reached ({why}).", false, failure);

                // The first frames of a new connection were not answered: no request was sent on it yet.
                case HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError
                    when http.Message.Contains("connection could not be established", StringComparison.Ordinal):
                    return new StoreException(
                        StoreError.Unavailable,
                        $"{member} did not answer as HTTP/2. It may speak TLS where http was given, ask for a client certificate, or not be etcd.",
                        false,
                        failure);
            }
        }

        if (Find<TimeoutException>(cause) is not null)
        {
            return new StoreException(StoreError.Unavailable, $"{member} could not be reached within ConnectTimeout.", false, failure);
        }

        if (Find<InvalidProtocolBufferException>(cause) is not null || Find<InvalidDataException>(cause) is not null)
        {
            return new StoreException(StoreError.ProtocolViolation, $"{member} gave an answer that cannot be read. This does not look like etcd.", isWrite, failure);
        }

        return EtcdErrors.FromStatus((int)failure.StatusCode, Brief(failure.Status.Detail), isWrite, member, failure);
    }

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
