using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Recipes;

/// <summary>One partition while this member owns it. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, and callers may look at its token for as long as they like.")]
public sealed class PartitionOwnership
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenRegistration _sessionLost;
    private readonly string _key;
    private readonly IStoreSession _session;
    private readonly Revision _claim;
    private int _isOver;

    internal PartitionOwnership(int partition, string key, IStoreSession session, Revision claim)
    {
        Partition = partition;
        _key = key;
        _session = session;
        _claim = claim;
        _sessionLost = session.Lost.UnsafeRegister(static ownership => ((PartitionOwnership)ownership!).Lose(), this);
    }

    /// <summary>Which one: 0 to the count less one.</summary>
    public int Partition { get; }

    /// <summary>Rises with every owner of the partition. The fencing token of what the owner does.</summary>
    public long Epoch => _claim.Number;

    /// <summary>Whether it is owned. A clock read: no I/O.</summary>
    public bool IsOwned => Volatile.Read(ref _isOver) == 0 && _session.State != SessionState.Lost;

    /// <summary>Cancelled when the ownership is lost, before anybody else can have it.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Makes a transaction depend on the ownership: the store itself refuses it once the partition has another owner, or none.</summary>
    /// <param name="transaction">The transaction; takes one operation more.</param>
    /// <returns>The same transaction.</returns>
    public Transaction Guard(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Require(_key, Condition.UnchangedSince(_claim));
    }

    /// <summary>Partition and epoch.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"{Partition}#{Epoch}";

    internal string Key => _key;

    internal IStoreSession Session => _session;

    internal Revision Claim => _claim;

    /// <summary>It is lost, or was let go.</summary>
    internal void Lose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _ = _lost.CancelAsync();
        }
    }

    /// <summary>It was let go in good order: nobody is told that it was lost.</summary>
    internal void End()
    {
        Interlocked.Exchange(ref _isOver, 1);
        _sessionLost.Unregister();
    }
}
