namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What a connection says for itself: ping, auth, watches after a reconnect, close. Answered by a number of its own, not by its place in the order.</summary>
/// <param name="opCode">The kind.</param>
/// <param name="controlXid">Its number; 0 for an ordinary one.</param>
/// <param name="write">Writes the body; null for none.</param>
internal sealed class ZooKeeperControlRequest(ZooKeeperOpCode opCode, int controlXid, Action<ZooKeeperWriter>? write = null)
    : ZooKeeperRequestOf<long>(opCode, isWrite: false)
{
    /// <summary>Its number; 0 for an ordinary one.</summary>
    public int ControlXid { get; } = controlXid;

    public static ZooKeeperControlRequest Ping() => new(ZooKeeperOpCode.Ping, ZooKeeperXid.Ping);

    public static ZooKeeperControlRequest Close() => new(ZooKeeperOpCode.CloseSession, 0);

    public static ZooKeeperControlRequest Sync(string chroot) =>
        new(ZooKeeperOpCode.Sync, 0, writer => writer.WriteString(chroot.Length > 0 ? chroot : "/"));

    public static ZooKeeperControlRequest Auth(ZooKeeperCredential credential) => new(
        ZooKeeperOpCode.Auth,
        ZooKeeperXid.Auth,
        writer =>
        {
            writer.WriteInt32(0);
            writer.WriteString(credential.Scheme);
            writer.WriteSecret(credential.Token);
        });

    /// <summary>Arms watches again that go on. Watches that fire once are never used, so their three lists are empty.</summary>
    public static ZooKeeperControlRequest SetWatches(long lastZxid, ZooKeeperWatchChunk chunk, string chroot) => new(
        ZooKeeperOpCode.SetWatches2,
        ZooKeeperXid.SetWatches,
        writer =>
        {
            writer.WriteInt64(lastZxid);
            writer.WriteInt32(0);
            writer.WriteInt32(0);
            writer.WriteInt32(0);
            WritePaths(writer, chunk.Nodes, chroot);
            WritePaths(writer, chunk.Recursive, chroot);
        });

    public override void WriteBody(ZooKeeperWriter writer, string chroot) => write?.Invoke(writer);

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(zxid);

    private static void WritePaths(ZooKeeperWriter writer, IReadOnlyList<string> paths, string chroot)
    {
        writer.WriteInt32(paths.Count);
        foreach (string path in paths)
        {
            writer.WriteString(chroot, chroot.Length > 0 && path.Length == 1 ? "" : path);
        }
    }
}
