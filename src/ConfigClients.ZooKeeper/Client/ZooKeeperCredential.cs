using System.Text;

namespace ConfigClients.ZooKeeper;

/// <summary>Something to show to every server after connecting, before anything else is asked. Never printed.</summary>
public sealed class ZooKeeperCredential
{
    private readonly byte[] _token;

    /// <summary>Makes a credential of any scheme that needs one message.</summary>
    /// <param name="scheme">The scheme; <c>sasl</c> is not supported.</param>
    /// <param name="token">What the scheme wants; copied.</param>
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.NotSupported"/> for SASL.</exception>
    public ZooKeeperCredential(string scheme, ReadOnlySpan<byte> token)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        Scheme = !scheme.Equals("sasl", StringComparison.OrdinalIgnoreCase)
            ? scheme
            : throw new ZooKeeperException(ZooKeeperError.NotSupported, "SASL is not supported. Use digest over TLS, or a client certificate.");
        _token = token.ToArray();
    }

    /// <summary>The scheme.</summary>
    public string Scheme { get; }

    internal ReadOnlySpan<byte> Token => _token;

    /// <summary>A user and a password. The server stores no passwords: a wrong one shows only when an ACL refuses.</summary>
    /// <param name="user">The user; without a colon.</param>
    /// <param name="password">The password. Travels in clear: use TLS.</param>
    /// <returns>The credential.</returns>
    public static ZooKeeperCredential Digest(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        return !user.Contains(':', StringComparison.Ordinal)
            ? new ZooKeeperCredential("digest", Encoding.UTF8.GetBytes($"{user}:{password}"))
            : throw new ArgumentException("A user of the scheme digest has no colon in the name.", nameof(user));
    }

    /// <summary>The scheme; never what it shows.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => Scheme;
}
