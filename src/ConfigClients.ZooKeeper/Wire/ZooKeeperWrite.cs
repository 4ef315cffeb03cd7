namespace ConfigClients.ZooKeeper.Wire;

/// <summary>One write of a commit.</summary>
/// <param name="Key">The key.</param>
/// <param name="Path">Its node.</param>
/// <param name="Value">The value; null deletes.</param>
/// <param name="Session">The session it shall live with; null for none.</param>
internal sealed record ZooKeeperWrite(string Key, string Path, ReadOnlyMemory<byte>? Value, ZooKeeperSession? Session);
