using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <content>What reads.</content>
public sealed partial class ZooKeeperClient
{
    /// <summary>Reads a node's data.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Data and stat, or null if there is no such node.</returns>
    /// <exception cref="ZooKeeperException">It could not be read.</exception>
    public ValueTask<ZooKeeperNode?> GetDataAsync(string path, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        return SubmitAsync(ZooKeeperGetRequest.Rent(path), cancellationToken);
    }

    /// <summary>Looks whether a node exists.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its stat, or null if there is no such node.</returns>
    /// <exception cref="ZooKeeperException">It could not be read.</exception>
    public ValueTask<ZooKeeperStat?> ExistsAsync(string path, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        return SubmitAsync(ZooKeeperExistsRequest.Rent(path), cancellationToken);
    }

    /// <summary>Lists a node's children.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Their names, or null if there is no such node.</returns>
    /// <exception cref="ZooKeeperException">They could not be read.</exception>
    public ValueTask<ZooKeeperChildren?> GetChildrenAsync(string path, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        return SubmitAsync(new ZooKeeperChildrenRequest { Path = path }, cancellationToken);
    }

    /// <summary>Reads several nodes by one request. The server answers from one state of its tree; servers before 3.6 are asked one by one.</summary>
    /// <param name="reads">What to read; the request must stay below 1 MiB and the answer below <see cref="ZooKeeperClientOptions.MaxResponseBytes"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>One result for each, in order. Each fails alone, a missing node with <see cref="ZooKeeperError.NoNode"/>.</returns>
    /// <exception cref="ZooKeeperException">They could not be read.</exception>
    public async ValueTask<IReadOnlyList<ZooKeeperReadResult>> ReadManyAsync(IReadOnlyList<ZooKeeperRead> reads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reads);
        ZooKeeperRead[] copy = [.. reads];
        foreach (ZooKeeperRead read in copy)
        {
            ZooKeeperPaths.Check(read.Path);
        }

        if (copy.Length == 0)
        {
            return [];
        }

        if (_core.Batching.KnownToServer)
        {
            try
            {
                return await SubmitAsync(new ZooKeeperMultiReadRequest(copy), cancellationToken).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.Unimplemented)
            {
                _core.Batching.ServerIsTooOld();
            }
        }

        return await ZooKeeperSingleReads.ReadAsync(this, copy, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads who may do what with a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The access control list.</returns>
    /// <exception cref="ZooKeeperException">It could not be read, such as <see cref="ZooKeeperError.NoNode"/>.</exception>
    public ValueTask<ZooKeeperAccess> GetAclAsync(string path, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        return SubmitAsync(new ZooKeeperGetAclRequest { Path = path }, cancellationToken);
    }

    /// <summary>
    /// Has the server catch up with the leader. Reads that are asked for afterwards, without waiting for this, see everything that was written
    /// before. Stronger still: an empty <see cref="ZooKeeperMulti"/>.
    /// </summary>
    /// <param name="path">Any path; it need not exist.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The transaction number reached.</returns>
    /// <exception cref="ZooKeeperException">The server could not be asked.</exception>
    public ValueTask<long> SyncAsync(string path = "/", CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        return SubmitAsync(new ZooKeeperSyncRequest { Path = path }, cancellationToken);
    }

    /// <summary>Counts all nodes below a node, however deep. Servers of 3.6 or later.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ZooKeeperException">They could not be counted, such as <see cref="ZooKeeperError.NoNode"/>.</exception>
    public ValueTask<int> CountDescendantsAsync(string path, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        return SubmitAsync(new ZooKeeperChildrenCountRequest { Path = path }, cancellationToken);
    }

    /// <summary>Lists the ephemeral nodes of this session below a node. Servers of 3.6 or later.</summary>
    /// <param name="path">The node; a prefix of paths to the server, so <c>/a</c> covers <c>/ab</c>, too.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Their paths, in no order.</returns>
    /// <exception cref="ZooKeeperException">They could not be listed.</exception>
    public ValueTask<IReadOnlyList<string>> GetEphemeralsAsync(string path = "/", CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        return SubmitAsync(new ZooKeeperEphemeralsRequest { Path = path }, cancellationToken);
    }

    /// <summary>Asks the server who this client is. Servers of 3.7 or later.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>All identities that it has shown.</returns>
    /// <exception cref="ZooKeeperException">The server could not be asked.</exception>
    public ValueTask<IReadOnlyList<ZooKeeperIdentity>> WhoAmIAsync(CancellationToken cancellationToken = default) =>
        SubmitAsync(new ZooKeeperWhoAmIRequest(), cancellationToken);
}
