using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ConfigClients.Adapters;

/// <summary>What an endpoint of a store may look like: scheme, host and port, and nothing else.</summary>
[Experimental("CONFIGCLIENTS001")]
public static class EndpointRules
{
    /// <summary>What is wrong with an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="credentials">The options that hold credentials, for the message.</param>
    /// <returns>The fault; never repeats a user or a password. Null if there is none.</returns>
    public static string? FaultOf(Uri? endpoint, string credentials) =>
        endpoint is not { IsAbsoluteUri: true } || endpoint.Scheme is not ("http" or "https")
            ? "An endpoint must be an absolute http or https address."
        : endpoint.UserInfo.Length > 0
            ? $"An endpoint must not hold a user or password; use {credentials}."
        : endpoint.Host.Length == 0 || endpoint.Port is < 1 or > 65535
            ? "An endpoint must name a host, and a port from 1 to 65535."
        : endpoint.AbsolutePath != "/" || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0
            ? $"The endpoint {endpoint.Authority} must be host and port only, without path, query or fragment. Keys are placed by Prefix."
        : null;

    /// <summary>Whether what is sent there stays on this machine.</summary>
    /// <param name="endpoint">An absolute endpoint.</param>
    /// <returns>Whether it is a loopback name or address.</returns>
    public static bool IsThisMachine(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.IsLoopback || (IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }

    /// <summary>Whether endpoints have more than one scheme. Those that are no addresses at all count as one more.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>Whether they differ.</returns>
    public static bool DifferInScheme(IEnumerable<Uri?> endpoints) =>
        endpoints.Select(static endpoint => endpoint is { IsAbsoluteUri: true } ? endpoint.Scheme : "").Distinct(StringComparer.Ordinal).Skip(1).Any();

    /// <summary>Makes an endpoint of a host of an address.</summary>
    /// <param name="host">As in <see cref="StoreAddress.Hosts"/>: a host, with or without a port.</param>
    /// <param name="isSecure">Whether it is reached over TLS.</param>
    /// <param name="defaultPort">The port where the host names none.</param>
    /// <returns>The endpoint.</returns>
    public static Uri FromHost(string host, bool isSecure, int defaultPort)
    {
        ArgumentNullException.ThrowIfNull(host);
        bool hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return new Uri(string.Create(null, $"{(isSecure ? "https" : "http")}://{host}{(hasPort ? "" : $":{defaultPort}")}"));
    }
}
