using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>What went wrong below the answers: connections, TLS, answers that are no answers.</summary>
internal static class ConsulFailures
{
    /// <summary>Set on the request that a new connection was opened for.</summary>
    public static readonly HttpRequestOptionsKey<bool> NewConnection = new("ConfigClients.NewConnection");

    /// <summary>Makes the exception for a failure of the transport.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="host">The endpoint.</param>
    /// <param name="isWrite">Whether the request could change something.</param>
    /// <param name="isNewConnection">Whether the connection was opened for this request.</param>
    public static StoreException From(Exception failure, string host, bool isWrite, bool isNewConnection)
    {
        if (Find<AuthenticationException>(failure) is { } tls)
        {
            // Thrown before the request was written: not even the token was sent.
            return new StoreException(StoreError.Denied, $"The TLS handshake with {host} failed: {Brief((tls.InnerException ?? tls).Message)}", false, failure);
        }

        if (ErrorOf(failure) is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            string why = Find<SocketException>(failure)?.SocketErrorCode.ToString() ?? "no connection";
            return new StoreException(StoreError.Unavailable, $"{host} could not be reached ({why}).", false, failure);
        }

        if (failure is OperationCanceledException)
        {
            return new StoreException(StoreError.Unavailable, $"{host} could not be reached within ConnectTimeout.", false, failure);
        }

        if (ErrorOf(failure) is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError)
        {
            // Without the cause, which quotes what came: whoever answers here may repeat the token.
            return Violation($"{host} sent something that is not HTTP as Consul speaks it", isWrite);
        }

        if (Alert(failure) is { } alert)
        {
            // With TLS 1.3 the server judges the client's certificate after the handshake, and before it reads the request.
            return new StoreException(StoreError.Denied, $"{host} ended the TLS connection: {alert}. It asks for a client certificate that it trusts.", false, failure);
        }

        if (!isNewConnection)
        {
            return new StoreException(StoreError.Unavailable, $"The connection to {host} broke before the answer had come.", isWrite, failure);
        }

        if (host.StartsWith("https:", StringComparison.Ordinal))
        {
            // The alert that says so can be lost: the request was on its way when the server closed.
            return new StoreException(
                StoreError.Unavailable,
                $"{host} closed a new TLS connection without an answer. It may not trust this client's certificate, ask for one, or be stopping.",
                isWrite,
                failure);
        }

        // A server that has its 200 connections of one client address closes the next one without a word.
        return new StoreException(
            isWrite ? StoreError.Unavailable : StoreError.Throttled,
            $"{host} closed a new connection without an answer. Its limit of connections per client address (http_max_conns_per_client, 200 by default) may be reached, or it is stopping.",
            isWrite,
            failure);
    }

    /// <summary>Makes the exception for an answer that does not follow the protocol.</summary>
    public static StoreException Violation(string message, bool isWrite) => new(StoreError.ProtocolViolation, message + ".", isWrite);

    /// <summary>Makes the exception for an answer whose JSON is not what was expected. What the JSON reader says is left out: it quotes.</summary>
    public static StoreException Violation(string message, bool isWrite, JsonException cause) =>
        Violation($"{message} ({(cause.GetType() == typeof(JsonException) ? cause.Message : "not JSON")})", isWrite);

    /// <summary>Whether the transport may throw it.</summary>
    public static bool IsTransport(Exception failure) =>
        failure is HttpRequestException or IOException or SocketException or AuthenticationException
        || (failure is OperationCanceledException && failure.InnerException is TimeoutException);

    /// <summary>At most 200 characters of a text, printable ones only.</summary>
    public static string Brief(string text) =>
        string.Create(Math.Min(text.Length, 200), text, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i];
            }
        }).Trim();

    private static HttpRequestError ErrorOf(Exception failure) => failure switch
    {
        HttpRequestException request => request.HttpRequestError,
        HttpIOException body => body.HttpRequestError,
        _ => HttpRequestError.Unknown,
    };

    private static string? Alert(Exception? failure)
    {
        while (failure is not null)
        {
            if (failure.Message.Contains("alert ", StringComparison.OrdinalIgnoreCase)
                && (failure.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) || failure.Message.Contains("unknown ca", StringComparison.OrdinalIgnoreCase)))
            {
                return Brief(failure.Message).TrimEnd('.');
            }

            failure = failure.InnerException;
        }

        return null;
    }

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        while (failure is not null and not T)
        {
            failure = failure.InnerException;
        }

        return (T?)failure;
    }
}
