using System.Globalization;
using System.Net;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>A server as it was named.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">The port.</param>
internal sealed record ZooKeeperServer(string Host, int Port)
{
    private const int DefaultPort = 2181;

    /// <summary>Whether it is certainly this machine.</summary>
    public bool IsLoopback => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>host</c>, <c>host:port</c> or <c>[address]:port</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static ZooKeeperServer Parse(string text)
    {
        int bracket = text.LastIndexOf(']');
        int colon = text.LastIndexOf(':');
        string host = colon > bracket ? text[..colon] : text;
        int port = DefaultPort;
        bool isPort = colon <= bracket || (int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535);
        bool isHost = bracket < 0
            ? Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4
            : host.StartsWith('[') && host.EndsWith(']') && IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out _);

        // Not repeated: whatever was put here by mistake may be a secret.
        return isPort && isHost
            ? new ZooKeeperServer(bracket < 0 ? host : host[1..^1], port)
            : throw new FormatException("A server is a host and perhaps a port: \"host\", \"host:port\" or \"[address]:port\".");
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
