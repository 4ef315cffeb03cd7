using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <summary>Operations to be carried out all or none, in order; later ones see what earlier ones did. Not thread-safe.</summary>
/// <remarks>An empty one is legal: it goes through the leader and changes nothing, which makes it a barrier that is stronger than a sync.</remarks>
public sealed class ZooKeeperMulti
{
    private readonly List<ZooKeeperOp> _operations = [];

    /// <summary>How many operations there are. Bounded only by the size of a request, 1 MiB.</summary>
    public int Count => _operations.Count;

    /// <summary>
    /// The session the whole must be carried out under. If that one is over, nothing is sent and the call fails with
    /// <see cref="ZooKeeperError.SessionExpired"/>. Default if an ephemeral node is created: the session at the time of the call, or the next if that is over; else: any.
    /// </summary>
    public ZooKeeperClientSession? Session { get; set; }

    internal bool CreatesEphemeral { get; private set; }

    internal long DataBytes { get; private set; }

    /// <summary>Requires that a node exists, in a certain version.</summary>
    /// <param name="path">The node.</param>
    /// <param name="version">The version of its data; -1 for any.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public ZooKeeperMulti Check(string path, int version = -1) => Add(ZooKeeperOpCode.Check, path, version, default);

    /// <summary>Creates a node.</summary>
    /// <param name="path">The node; a sequential one may end with a slash.</param>
    /// <param name="data">Its data; null is stored as null.</param>
    /// <param name="mode">How long it lives.</param>
    /// <param name="options">What else to say; the session in it is not looked at.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">The path is none, or the options do not fit the mode.</exception>
    public ZooKeeperMulti Create(
        string path, ReadOnlyMemory<byte>? data, ZooKeeperCreateMode mode = ZooKeeperCreateMode.Persistent, ZooKeeperCreateOptions? options = null)
    {
        ZooKeeperCreation creation = new(data, mode, options);
        creation.Check();
        CreatesEphemeral |= creation.IsEphemeral;
        return Add(creation.OpCode, path, 0, creation);
    }

    /// <summary>Sets a node's data.</summary>
    /// <param name="path">The node.</param>
    /// <param name="data">Its data; null is stored as null.</param>
    /// <param name="version">The version expected; -1 for any.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public ZooKeeperMulti SetData(string path, ReadOnlyMemory<byte>? data, int version = -1) =>
        Add(ZooKeeperOpCode.SetData, path, version, new ZooKeeperCreation(data, default, null));

    /// <summary>Deletes a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="version">The version expected; -1 for any.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public ZooKeeperMulti Delete(string path, int version = -1) => Add(ZooKeeperOpCode.Delete, path, version, default);

    internal ZooKeeperOp[] ToArray() => [.. _operations];

    private ZooKeeperMulti Add(ZooKeeperOpCode opCode, string path, int version, ZooKeeperCreation creation)
    {
        ZooKeeperPaths.Check(path, creation.IsSequential);
        _operations.Add(new ZooKeeperOp(opCode, path, version, creation));
        DataBytes += path.Length + (creation.Data?.Length ?? 0);
        return this;
    }
}
