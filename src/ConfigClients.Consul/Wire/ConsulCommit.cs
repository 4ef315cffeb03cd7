namespace ConfigClients.Consul.Wire;

/// <summary>Conditions and writes as one transaction of Consul, and what its answer means.</summary>
/// <remarks>
/// A session-bound write needs to know whether its key is there: a new one is created (check that it is absent, lock), an own one is
/// written (check the session, lock). Where no condition says which, one is tried and the answer tells the other.
/// Only this store's own guards lead to another try. Not thread-safe.
/// </remarks>
internal sealed class ConsulCommit
{
    /// <summary>How often a guess may be wrong. A key that others create and delete all the time is not this commit's.</summary>
    public const int MaxTries = 4;

    private readonly List<(string Key, Condition Condition)> _conditions = [];
    private readonly List<(string Key, ReadOnlyMemory<byte>? Value, string? Session)> _writes = [];
    private readonly Dictionary<string, bool> _exists = new(StringComparer.Ordinal);
    private readonly List<(string Key, bool IsGuard)> _meaning = [];

    /// <summary>Adds a condition; none adds nothing.</summary>
    public void Require(string key, Condition condition)
    {
        if (condition.Kind != ConditionKind.None)
        {
            _conditions.Add((key, condition));
            _exists[key] = condition.Kind != ConditionKind.Absent;
        }
    }

    /// <summary>Adds a write: no value deletes.</summary>
    public void Write(string key, ReadOnlyMemory<byte>? value, string? session) => _writes.Add((key, value, session));

    /// <summary>The key of a condition that no state of the store can meet; null if there is none.</summary>
    public string? Unmeetable()
    {
        foreach ((string key, Condition condition) in _conditions)
        {
            // Not a revision that Consul could have handed out.
            if (condition is { Kind: ConditionKind.UnchangedSince, Revision: { Number: <= 0 } or { Token: not 0 } })
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The operations, by what is known so far.</summary>
    public ConsulOp[] Build()
    {
        List<ConsulOp> ops = new(_conditions.Count + (2 * _writes.Count));
        _meaning.Clear();
        foreach ((string key, Condition condition) in _conditions)
        {
            Add(ops, Check(key, condition), isGuard: false);
        }

        foreach ((string key, ReadOnlyMemory<byte>? value, string? session) in _writes)
        {
            if (session is not null && value is not null)
            {
                bool exists = _exists.TryGetValue(key, out bool known) && known;
                Add(ops, exists ? new ConsulOp(ConsulVerb.CheckSession, key, Session: session) : new ConsulOp(ConsulVerb.CheckNotExists, key), isGuard: true);
                Add(ops, new ConsulOp(ConsulVerb.Lock, key, value.Value, Session: session), isGuard: true);
            }
            else
            {
                Add(ops, value is { } bytes ? new ConsulOp(ConsulVerb.Set, key, bytes) : new ConsulOp(ConsulVerb.Delete, key), isGuard: false);
            }
        }

        return [.. ops];
    }

    /// <summary>What the answer means.</summary>
    /// <returns>The result; null to build and try again.</returns>
    /// <exception cref="StoreException">The transaction was refused for another reason than a condition.</exception>
    public WriteResult? Judge(ConsulTxnAnswer answer)
    {
        if (answer.Applied)
        {
            return WriteResult.Done(_writes.Exists(static write => write.Value is not null) ? new Revision(answer.Index) : default);
        }

        ConsulTxnError first = answer.Errors[0];
        foreach (ConsulTxnError error in answer.Errors)
        {
            if (ConsulErrors.FromRefusal(error.What) is { } refusal)
            {
                throw refusal;
            }

            if ((uint)error.Op >= (uint)_meaning.Count)
            {
                throw ConsulFailures.Violation("The answer names an operation that was not sent", isWrite: false);
            }

            first = error.Op < first.Op ? error : first;
        }

        (string key, bool isGuard) = _meaning[first.Op];
        if (first.Op >= _conditions.Count && !isGuard)
        {
            throw new StoreException(StoreError.InvalidRequest, $"Consul refused the write: {ConsulFailures.Brief(first.What)}.");
        }

        return isGuard && Learn(answer) ? null : WriteResult.Refused(key);
    }

    /// <summary>Takes in what guards found out. False if a key lives otherwise: then trying again changes nothing.</summary>
    private bool Learn(ConsulTxnAnswer answer)
    {
        foreach (ConsulTxnError error in answer.Errors)
        {
            (string key, bool isGuard) = _meaning[error.Op];
            bool isAssumedThere = _exists.TryGetValue(key, out bool assumed) && assumed;
            bool isCondition = _conditions.Exists(condition => condition.Key == key);
            if (isGuard && !isCondition && (error.IsMissing && isAssumedThere || error.IsExisting && !isAssumedThere))
            {
                _exists[key] = !isAssumedThere;
            }
            else if (isGuard && !answer.Errors.Any(other => other.Op < error.Op && _meaning[other.Op].Key == key))
            {
                return false;
            }
        }

        return true;
    }

    private void Add(List<ConsulOp> ops, ConsulOp op, bool isGuard)
    {
        ops.Add(op);
        _meaning.Add((op.Key, isGuard));
    }

    private static ConsulOp Check(string key, Condition condition) => condition.Kind switch
    {
        ConditionKind.Absent => new ConsulOp(ConsulVerb.CheckNotExists, key),
        ConditionKind.UnchangedSince => new ConsulOp(ConsulVerb.CheckIndex, key, Index: condition.Revision.Number),
        ConditionKind.HeldBy => new ConsulOp(ConsulVerb.CheckSession, key, Session: condition.Session!.Id),
        _ => new ConsulOp(ConsulVerb.Get, key),
    };
}
