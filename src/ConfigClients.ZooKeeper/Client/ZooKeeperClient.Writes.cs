using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <content>What writes.</content>
public sealed partial class ZooKeeperClient
{
    /// <summary>Creates a node.</summary>
    /// <param name="path">The node; its parent must exist. A sequential one may end with a slash.</param>
    /// <param name="data">Its data, up to about 1 MiB; null is stored as null. May be used again when the call is over, also when it was cancelled.</param>
    /// <param name="mode">How long it lives.</param>
    /// <param name="options">What else to say.</param>
    /// <param name="cancellationToken">Stops waiting; the node may be created all the same.</param>
    /// <returns>Path and stat.</returns>
    /// <exception cref="ZooKeeperException">It was not created, such as <see cref="ZooKeeperError.NodeExists"/>; or see <see cref="ZooKeeperException.MayHaveApplied"/>.</exception>
    /// <exception cref="ArgumentException">The path is none, or the options do not fit the mode.</exception>
    public ValueTask<ZooKeeperCreated> CreateAsync(
        string path,
        ReadOnlyMemory<byte>? data,
        ZooKeeperCreateMode mode = ZooKeeperCreateMode.Persistent,
        ZooKeeperCreateOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ZooKeeperCreation creation = new(data, mode, options);
        creation.Check();
        ZooKeeperPaths.Check(path, creation.IsSequential);
        if (IsTooLarge(data) is { } tooLarge)
        {
            return ValueTask.FromException<ZooKeeperCreated>(ZooKeeperFailures.TooLarge(path, tooLarge));
        }

        ZooKeeperCreateRequest request = ZooKeeperCreateRequest.Rent(path, creation);
        request.Session = options?.Session ?? (creation.IsEphemeral ? LiveSession : null);
        return SubmitAsync(request, cancellationToken);
    }

    /// <summary>Sets a node's data.</summary>
    /// <param name="path">The node.</param>
    /// <param name="data">The data, up to about 1 MiB; null is stored as null. May be used again when the call is over, also when it was cancelled.</param>
    /// <param name="version">The version expected; -1 for any. Starts again at 0 when a node is deleted and created anew.</param>
    /// <param name="session">The session it must be sent under, or null for any.</param>
    /// <param name="cancellationToken">Stops waiting; the data may be set all the same.</param>
    /// <returns>The new stat.</returns>
    /// <exception cref="ZooKeeperException">It was not set, such as <see cref="ZooKeeperError.BadVersion"/>; or see <see cref="ZooKeeperException.MayHaveApplied"/>.</exception>
    public ValueTask<ZooKeeperStat> SetDataAsync(
        string path, ReadOnlyMemory<byte>? data, int version = -1, ZooKeeperClientSession? session = null, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        if (IsTooLarge(data) is { } tooLarge)
        {
            return ValueTask.FromException<ZooKeeperStat>(ZooKeeperFailures.TooLarge(path, tooLarge));
        }

        ZooKeeperSetRequest request = ZooKeeperSetRequest.Rent(path, data, version);
        request.Session = session;
        return SubmitAsync(request, cancellationToken);
    }

    /// <summary>Deletes a node that has no children.</summary>
    /// <param name="path">The node.</param>
    /// <param name="version">The version expected; -1 for any.</param>
    /// <param name="session">The session it must be sent under, or null for any.</param>
    /// <param name="cancellationToken">Stops waiting; the node may be deleted all the same.</param>
    /// <returns>The transaction's number.</returns>
    /// <exception cref="ZooKeeperException">It was not deleted, such as <see cref="ZooKeeperError.NotEmpty"/>; or see <see cref="ZooKeeperException.MayHaveApplied"/>.</exception>
    public ValueTask<long> DeleteAsync(string path, int version = -1, ZooKeeperClientSession? session = null, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        ZooKeeperDeleteRequest request = ZooKeeperDeleteRequest.Rent(path, version);
        request.Session = session;
        return SubmitAsync(request, cancellationToken);
    }

    /// <summary>Sets who may do what with a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="acl">The access control list; not empty.</param>
    /// <param name="version">The version of the list expected; -1 for any.</param>
    /// <param name="cancellationToken">Stops waiting; the list may be set all the same.</param>
    /// <returns>The new stat.</returns>
    /// <exception cref="ZooKeeperException">It was not set, such as <see cref="ZooKeeperError.InvalidAcl"/>; or see <see cref="ZooKeeperException.MayHaveApplied"/>.</exception>
    public ValueTask<ZooKeeperStat> SetAclAsync(string path, IReadOnlyList<ZooKeeperAcl> acl, int version = -1, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        ArgumentNullException.ThrowIfNull(acl);
        return SubmitAsync(new ZooKeeperSetAclRequest([.. acl], version) { Path = path }, cancellationToken);
    }

    /// <summary>Carries out several operations, all or none.</summary>
    /// <param name="multi">The operations; copied.</param>
    /// <param name="cancellationToken">Stops waiting; they may be carried out all the same.</param>
    /// <returns>What became of them. That one failed, and none was carried out, is an answer.</returns>
    /// <exception cref="ZooKeeperException">They could not be sent or not be understood; see <see cref="ZooKeeperException.MayHaveApplied"/>.</exception>
    public ValueTask<ZooKeeperMultiResult> MultiAsync(ZooKeeperMulti multi, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(multi);
        if (multi.DataBytes > ZooKeeperWriter.MaxFrameBytes)
        {
            return ValueTask.FromException<ZooKeeperMultiResult>(ZooKeeperFailures.TooLarge("/", multi.DataBytes));
        }

        ZooKeeperMultiRequest request = new(multi.ToArray()) { Session = multi.Session ?? (multi.CreatesEphemeral ? LiveSession : null) };
        return SubmitAsync(request, cancellationToken);
    }

    private ZooKeeperClientSession? LiveSession => Session is { State: not SessionState.Lost } session ? session : null;

    private static long? IsTooLarge(ReadOnlyMemory<byte>? data) => data is { Length: > ZooKeeperWriter.MaxFrameBytes } bytes ? bytes.Length : null;
}
