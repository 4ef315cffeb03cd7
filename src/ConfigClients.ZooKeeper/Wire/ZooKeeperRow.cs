using System.Globalization;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>A node as a key of the contract.</summary>
internal static class ZooKeeperRow
{
    /// <summary>Makes the entry of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="node">Its node.</param>
    /// <param name="marked">When its marker was created; null if there is none: then the key was set when the node was created.</param>
    public static ConfigEntry Entry(string key, in ZooKeeperNode node, long? marked) => new(
        key,
        node.Data,
        new Revision(node.Stat.Mzxid),
        marked ?? node.Stat.Czxid,
        node.Stat.EphemeralOwner == 0 ? null : SessionId(node.Stat.EphemeralOwner));

    /// <summary>A session as ZooKeeper's own tools write it.</summary>
    public static string SessionId(long id) => string.Create(CultureInfo.InvariantCulture, $"0x{id:x}");
}
