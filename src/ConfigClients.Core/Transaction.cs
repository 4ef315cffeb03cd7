namespace ConfigClients;

/// <summary>Conditions and writes that take place together or not at all. Built once, committed once; not thread-safe.</summary>
/// <remarks>
/// At most <see cref="StoreLimits.MaxTransactionOperations"/> operations: a condition, a delete and a permanent set count one,
/// a session-bound set counts two. At most 350 KiB of keys and values in all. One condition and one write per key.
/// </remarks>
public sealed class Transaction
{
    private readonly List<TransactionCondition> _conditions = [];
    private readonly List<TransactionWrite> _writes = [];
    private readonly HashSet<string> _conditionKeys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _writeKeys = new(StringComparer.Ordinal);

    /// <summary>What must hold, in the order given.</summary>
    public IReadOnlyList<TransactionCondition> Conditions => _conditions;

    /// <summary>What is written, in the order given.</summary>
    public IReadOnlyList<TransactionWrite> Writes => _writes;

    /// <summary>How many operations this is against <see cref="StoreLimits.MaxTransactionOperations"/>.</summary>
    public int OperationCount { get; private set; }

    /// <summary>Bytes of keys and values in all, against <see cref="StoreLimits.MaxTransactionBytes"/>.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Adds a condition.</summary>
    /// <param name="key">The key; at most one condition each.</param>
    /// <param name="condition">What must hold. Not <see cref="Condition.None"/>.</param>
    /// <returns>This transaction.</returns>
    /// <exception cref="ArgumentException">The key is malformed or has a condition already, or the condition is none.</exception>
    public Transaction Require(string key, Condition condition)
    {
        ConfigKey.Check(key);
        if (condition.Kind == ConditionKind.None)
        {
            throw new ArgumentException("Condition.None tests nothing.", nameof(condition));
        }

        if (!_conditionKeys.Add(key))
        {
            throw new ArgumentException("The key has a condition in this transaction already.", nameof(key));
        }

        _conditions.Add(new TransactionCondition(key, condition));
        Count(1, key, 0);
        return this;
    }

    /// <summary>Adds a set.</summary>
    /// <param name="key">The key; at most one write each.</param>
    /// <param name="value">The bytes; copied before this returns. Up to 350 KiB.</param>
    /// <param name="session">
    /// Binds the key's lifetime to a session; refused if the key exists and does not live with that session. Default: permanent.
    /// </param>
    /// <returns>This transaction.</returns>
    /// <exception cref="ArgumentException">The key is malformed or is written already.</exception>
    public Transaction Set(string key, ReadOnlyMemory<byte> value, IStoreSession? session = null) =>
        Write(key, value.ToArray(), session);

    /// <summary>Adds a delete. Deleting a missing key is no reason to refuse the transaction.</summary>
    /// <param name="key">The key; at most one write each.</param>
    /// <returns>This transaction.</returns>
    /// <exception cref="ArgumentException">The key is malformed or is written already.</exception>
    public Transaction Delete(string key) => Write(key, null, null);

    private Transaction Write(string key, byte[]? value, IStoreSession? session)
    {
        ConfigKey.Check(key);
        if (!_writeKeys.Add(key))
        {
            throw new ArgumentException("The key is written in this transaction already.", nameof(key));
        }

        // Not value alone: a null array would become an empty value, and empty is not deleted.
        _writes.Add(new TransactionWrite(key, value is null ? null : (ReadOnlyMemory<byte>?)value, session));
        Count(session is null ? 1 : 2, key, value?.Length ?? 0);
        return this;
    }

    private void Count(int operations, string key, int valueBytes)
    {
        OperationCount += operations;
        ByteCount += System.Text.Encoding.UTF8.GetByteCount(key) + valueBytes;
    }
}
