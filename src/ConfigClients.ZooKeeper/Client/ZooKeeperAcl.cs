using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ConfigClients.ZooKeeper;

/// <summary>One line of an access control list: who may do what with a node.</summary>
/// <param name="Permissions">What is allowed.</param>
/// <param name="Scheme">How the client shows who it is: <c>world</c>, <c>auth</c>, <c>digest</c>, <c>ip</c>, <c>x509</c>, <c>sasl</c>.</param>
/// <param name="Id">Who, in the words of the scheme.</param>
public sealed record ZooKeeperAcl(ZooKeeperPermissions Permissions, string Scheme, string Id)
{
    /// <summary>Everybody may do everything.</summary>
    public static IReadOnlyList<ZooKeeperAcl> Open { get; } = [new(ZooKeeperPermissions.All, "world", "anyone")];

    /// <summary>Everybody may read, nobody may do anything else.</summary>
    public static IReadOnlyList<ZooKeeperAcl> ReadOnly { get; } = [new(ZooKeeperPermissions.Read, "world", "anyone")];

    /// <summary>Whoever creates the node may do everything, under all identities it has shown; nobody else may do anything.</summary>
    public static IReadOnlyList<ZooKeeperAcl> Creator { get; } = [new(ZooKeeperPermissions.All, "auth", "")];

    /// <summary>Allows something to a user of the scheme <c>digest</c>.</summary>
    /// <param name="permissions">What is allowed.</param>
    /// <param name="user">The user.</param>
    /// <param name="password">The password; only its digest goes into the list. The digest is one round of SHA-1: treat the list as a secret.</param>
    /// <returns>The line.</returns>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "ZooKeeper defines it so.")]
    public static ZooKeeperAcl Digest(ZooKeeperPermissions permissions, string user, string password) =>
        new(permissions, "digest", $"{user}:{Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes($"{user}:{password}")))}");
}
