using System.Globalization;

namespace ConfigClients;

/// <summary>Where a store is: <c>embedded:</c>, <c>embedded:/path/file.db</c>, <c>consul://a:8500,b:8500/prefix</c>.</summary>
/// <remarks>Never holds credentials: those come from the store's options or the environment.</remarks>
public sealed class StoreAddress
{
    private StoreAddress(string scheme, IReadOnlyList<string> hosts, string path)
    {
        Scheme = scheme;
        Hosts = hosts;
        Path = path;
    }

    /// <summary>The scheme, in lower case: which store.</summary>
    public string Scheme { get; }

    /// <summary>The servers as <c>host:port</c> or <c>host</c>, in order; empty where there is no server.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>With servers: the prefix all keys live below, without slashes at the ends. Without: what follows the colon, as it is.</summary>
    public string Path { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="address">The text.</param>
    /// <param name="paramName">The name to put into the exception.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentException">The text is not an address, or holds credentials. The message never repeats the text.</exception>
    public static StoreAddress Parse(string address, string paramName = "address")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address, paramName);
        int colon = address.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !IsScheme(address.AsSpan(0, colon)))
        {
            throw new ArgumentException("A store address starts with a scheme and a colon, like \"embedded:\" or \"consul://host:8500\".", paramName);
        }

        string scheme = address[..colon].ToLowerInvariant();
        string rest = address[(colon + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return new StoreAddress(scheme, [], rest);
        }

        rest = rest[2..];
        if (rest.AsSpan().ContainsAny('@', '?', '#'))
        {
            throw new ArgumentException(
                "A store address holds hosts and a prefix only: no user or password, no query, no fragment. Credentials belong into the store's options.", paramName);
        }

        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        string prefix = slash < 0 ? "" : rest[(slash + 1)..].TrimEnd('/');
        ConfigKey.CheckPrefix(prefix, paramName);

        string[] hosts = authority.Split(',', StringSplitOptions.TrimEntries);
        foreach (string host in hosts)
        {
            CheckHost(host, paramName);
        }

        return new StoreAddress(scheme, hosts, prefix);
    }

    /// <summary>The address as text.</summary>
    /// <returns>A text that <see cref="Parse"/> reads back.</returns>
    public override string ToString() => Hosts.Count == 0
        ? $"{Scheme}:{Path}"
        : $"{Scheme}://{string.Join(',', Hosts)}{(Path.Length == 0 ? "" : "/" + Path)}";

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return char.IsAsciiLetter(text[0]);
    }

    private static void CheckHost(string host, string paramName)
    {
        int colon = host.LastIndexOf(':');
        bool hasPort = colon > host.LastIndexOf(']');
        string name = hasPort ? host[..colon] : host;
        bool isBracketed = name is ['[', .., ']'];
        UriHostNameType kind = Uri.CheckHostName(isBracketed ? name[1..^1] : name);
        if (kind == UriHostNameType.Unknown || (kind == UriHostNameType.IPv6) != isBracketed)
        {
            throw new ArgumentException(
                "A store address names a host that is not a host name or an IP address (IPv6 in brackets: [::1]:8500).", paramName);
        }

        if (hasPort && (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535))
        {
            throw new ArgumentException("A store address names a port that is not a number from 1 to 65535.", paramName);
        }
    }
}
