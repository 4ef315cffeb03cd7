namespace ConfigClients.ZooKeeper;

/// <summary>What became of a <see cref="ZooKeeperMulti"/>. That it was refused is an answer, not an exception.</summary>
/// <param name="Zxid">The transaction's number. One that is refused uses up a number, too.</param>
/// <param name="Results">One for each operation, in order.</param>
public sealed record ZooKeeperMultiResult(long Zxid, IReadOnlyList<ZooKeeperOpResult> Results)
{
    /// <summary>The first operation that failed, or -1 if all were carried out.</summary>
    public int FailedIndex { get; } = FindFailed(Results);

    /// <summary>Whether all operations were carried out. If not, none was.</summary>
    public bool Applied => FailedIndex < 0;

    /// <summary>Why the first operation failed.</summary>
    public ZooKeeperError Error => Applied ? ZooKeeperError.None : Results[FailedIndex].Error;

    private static int FindFailed(IReadOnlyList<ZooKeeperOpResult> results)
    {
        for (int i = 0; i < results.Count; i++)
        {
            if (results[i].Error != ZooKeeperError.None)
            {
                return i;
            }
        }

        return -1;
    }
}
