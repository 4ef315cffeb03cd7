using Etcdserverpb;
using Google.Protobuf;

namespace ConfigClients.Etcd.Wire;

/// <summary>Conditions and writes as one transaction of etcd, and what its answer means.</summary>
/// <remarks>
/// A put without a lease would take a session-bound key out of its session, and one with a lease would bind a permanent key. So each set checks what it takes
/// for granted about its key. Where that was wrong, the answer tells how the keys stood, and the commit is tried again; only these checks lead to another try.
/// Transactions inside transactions would save that, but servers before 3.5.28 and 3.6.9 do not check rights in there. Not thread-safe.
/// </remarks>
internal sealed class EtcdCommit(EtcdKeys keys)
{
    /// <summary>How often a guess may be wrong.</summary>
    public const int MaxTries = 4;

    private readonly List<(string Key, ByteString Stored, Condition Condition)> _conditions = [];
    private readonly List<EtcdWrite> _writes = [];
    private RangeRequest? _list;

    /// <summary>What was asked for by <see cref="List"/>, once it was applied; null if it does not fit into one page.</summary>
    public IReadOnlyList<ConfigEntry>? Listed { get; private set; }

    /// <summary>The key of a single plain set; null if this is something else.</summary>
    public string? PlainKey => IsPlainSet ? _writes[0].Key : null;

    /// <summary>A single plain set: both branches carry it out, one keeps a session-bound key bound.</summary>
    private bool IsPlainSet => _conditions.Count == 0 && _writes is [{ IsSet: true, Guard: EtcdGuard.Unbound }];

    /// <summary>Adds a condition; none adds nothing.</summary>
    public void Require(string key, Condition condition)
    {
        if (condition.Kind != ConditionKind.None)
        {
            _conditions.Add((key, EtcdRow.Bytes(keys.Stored(key)), condition));
        }
    }

    /// <summary>Adds a write, after all conditions: no value deletes. The bytes are copied.</summary>
    public void Write(string key, ReadOnlyMemory<byte>? value, string? session)
    {
        EtcdWrite write = new(
            key, EtcdRow.Bytes(keys.Stored(key)), value is { } bytes ? ByteString.CopyFrom(bytes.Span) : null, session is null ? 0 : EtcdRow.Lease(session));
        if (_conditions.Exists(condition => condition.Key == key && condition.Condition.Kind != ConditionKind.Absent))
        {
            write.Expect();
        }

        _writes.Add(write);
    }

    /// <summary>Asks for everything below a prefix, as it is right after the writes.</summary>
    public void List(string prefix)
    {
        (byte[] from, byte[] to) = keys.Below(prefix);
        _list = new RangeRequest { Key = EtcdRow.Bytes(from), RangeEnd = EtcdRow.Bytes(to), Limit = EtcdPage.MaxRows };
    }

    /// <summary>The key of a condition that no state of the store can meet; null if there is none.</summary>
    public string? Unmeetable()
    {
        foreach ((string key, _, Condition condition) in _conditions)
        {
            // Not a revision that etcd could have handed out.
            if (condition is { Kind: ConditionKind.UnchangedSince, Revision: { Number: <= 0 } or { Token: not 0 } })
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>A single plain set as a put, for a key that is there: it stays as it is bound.</summary>
    public PutRequest BuildPut() => _writes[0].BuildPut(EtcdGuard.Bound);

    /// <summary>It was applied: what is there now, and what is not.</summary>
    public void Remember(EtcdKnownKeys known)
    {
        foreach (EtcdWrite write in _writes)
        {
            if (write.IsSet)
            {
                known.Add(write.Key);
            }
            else
            {
                known.Remove(write.Key);
            }
        }
    }

    /// <summary>The request, by what is known so far.</summary>
    public TxnRequest Build()
    {
        TxnRequest request = new();
        foreach ((_, ByteString stored, Condition condition) in _conditions)
        {
            request.Compare.Add(Check(stored, condition));
            request.Failure.Add(Look(stored));
        }

        foreach (EtcdWrite write in _writes)
        {
            request.Success.Add(write.Build());
            if (write.IsSet)
            {
                request.Compare.Add(write.Check());
                request.Failure.Add(IsPlainSet ? write.Build(EtcdGuard.Bound) : Look(write.Stored));
            }
        }

        if (_list is not null)
        {
            request.Success.Add(new RequestOp { RequestRange = _list });
        }

        return request;
    }

    /// <summary>What the answer means.</summary>
    /// <returns>The result; null to build and try again.</returns>
    public WriteResult? Judge(TxnResponse answer)
    {
        if (answer.Succeeded || IsPlainSet)
        {
            Listed = _list is null ? null : Entries(answer);
            return answer is { Header.Revision: > 0 } && answer.Responses.Count == _writes.Count + (_list is null ? 0 : 1)
                ? WriteResult.Done(_writes.Exists(static write => write.IsSet) ? new Revision(answer.Header.Revision) : default)
                : throw EtcdFailures.Violation("A write was answered without its revision or its result", isWrite: true);
        }

        int next = 0;
        foreach ((string key, _, Condition condition) in _conditions)
        {
            if (!StateAt(answer, next++).Meets(condition))
            {
                return WriteResult.Refused(key);
            }
        }

        foreach (EtcdWrite write in _writes)
        {
            if (write.IsSet && !write.Learn(StateAt(answer, next++)))
            {
                return WriteResult.Refused(write.Key);
            }
        }

        return null;
    }

    private List<ConfigEntry>? Entries(TxnResponse answer)
    {
        if (answer.Responses.LastOrDefault()?.ResponseRange is not { } range)
        {
            throw EtcdFailures.Violation("A listing was answered by something else", isWrite: true);
        }

        List<ConfigEntry> entries = new(range.Kvs.Count);
        foreach (Mvccpb.KeyValue row in range.Kvs)
        {
            if (keys.Key(row.Key.Span) is { } key)
            {
                entries.Add(EtcdRow.Entry(key, row));
            }
        }

        return range.More ? null : entries;
    }

    private static EtcdState StateAt(TxnResponse answer, int index) => index < answer.Responses.Count
        ? EtcdState.From(answer.Responses[index])
        : throw EtcdFailures.Violation("A refused commit was answered without the state of its keys", isWrite: false);

    private static RequestOp Look(ByteString stored) => new() { RequestRange = new RangeRequest { Key = stored, KeysOnly = true } };

    private static Compare Check(ByteString stored, Condition condition) => condition.Kind switch
    {
        ConditionKind.UnchangedSince => new Compare
        {
            Key = stored, Target = Compare.Types.CompareTarget.Mod, Result = Compare.Types.CompareResult.Equal, ModRevision = condition.Revision.Number,
        },
        ConditionKind.HeldBy => new Compare
        {
            Key = stored, Target = Compare.Types.CompareTarget.Lease, Result = Compare.Types.CompareResult.Equal, Lease = EtcdRow.Lease(condition.Session!.Id),
        },

        // A key that is not there reads as version 0.
        _ => new Compare
        {
            Key = stored,
            Target = Compare.Types.CompareTarget.Version,
            Result = condition.Kind == ConditionKind.Absent ? Compare.Types.CompareResult.Equal : Compare.Types.CompareResult.Greater,
            Version = 0,
        },
    };
}
