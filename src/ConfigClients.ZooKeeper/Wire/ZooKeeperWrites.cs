namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Carries out writes: in one round trip where it is known how the node stands, otherwise after reading it.</summary>
internal sealed class ZooKeeperWrites(ZooKeeperClient client, ZooKeeperKeys keys, ZooKeeperShards shards, ZooKeeperReads reads, IReadOnlyList<ZooKeeperAcl> acl, TimeProvider time)
{
    /// <summary>How often others may be faster before the caller is told.</summary>
    private const int MaxTries = 30;

    /// <summary>How long it is taken for granted that a key has not been deleted.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ZooKeeperPruning _pruning = new(client, keys.Root);
    private readonly ZooKeeperGround _ground = new(client, keys, shards, reads, acl);

    /// <summary>Writes one key.</summary>
    public async ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition, ZooKeeperSession? session, CancellationToken cancellationToken)
    {
        string path = keys.Path(key);
        WriteResult? quick = condition.Kind switch
        {
            ConditionKind.Absent => await TryCreateAsync(path, value, session, cancellationToken).ConfigureAwait(false),
            ConditionKind.UnchangedSince when session is null => await TrySwapAsync(path, value, condition.Revision, cancellationToken).ConfigureAwait(false),
            ConditionKind.None when session is null => await TryOverwriteAsync(path, value, cancellationToken).ConfigureAwait(false),
            _ => null,
        };
        if (quick is { } done)
        {
            return done;
        }

        ZooKeeperCommit commit = new(keys, shards, acl);
        commit.Require(key, condition);
        commit.Write(key, value, session);
        return await CommitAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes one key.</summary>
    public async ValueTask<WriteResult> DeleteAsync(string key, Condition condition, CancellationToken cancellationToken)
    {
        if (condition is { Kind: ConditionKind.HeldBy, Session: ZooKeeperSession session }
            && await TryLetGoAsync(keys.Path(key), session, cancellationToken).ConfigureAwait(false) is { } done)
        {
            return done;
        }

        // A missing key is not applied.
        ZooKeeperCommit commit = new(keys, shards, acl);
        commit.Require(key, condition.Kind == ConditionKind.None ? Condition.Exists : condition);
        commit.Write(key, null, null);
        return await CommitAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a seat, whose name is used once: there is no other creation to tell it from, so it is not counted.</summary>
    public async ValueTask<WriteResult> SitDownAsync(string key, ReadOnlyMemory<byte> value, ZooKeeperSession session, CancellationToken cancellationToken)
    {
        try
        {
            ZooKeeperCreateOptions options = new() { Acl = acl, Session = session.Wire };
            ZooKeeperCreated created = await UnderAsync(session, session.Client.CreateAsync(keys.Path(key), value, ZooKeeperCreateMode.Ephemeral, options, cancellationToken)).ConfigureAwait(false);
            reads.Require(created.Stat.Czxid);
            return WriteResult.Done(new Revision(created.Stat.Czxid));
        }
        catch (ZooKeeperException e) when (e.Error is ZooKeeperError.NoNode or ZooKeeperError.NodeExists or ZooKeeperError.NoChildrenForEphemerals)
        {
            return await SetAsync(key, value, Condition.Absent, session, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a seat, whose name is used once: unlike any other key, it cannot have been deleted and created anew.</summary>
    public async ValueTask<WriteResult> StandUpAsync(string key, ZooKeeperSession session, CancellationToken cancellationToken)
    {
        try
        {
            reads.Require(await UnderAsync(session, session.Client.DeleteAsync(keys.Path(key), session: session.Wire, cancellationToken: cancellationToken)).ConfigureAwait(false));
            return WriteResult.Done();
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return WriteResult.Refused(key);
        }
    }

    /// <summary>Carries out a commit.</summary>
    public async ValueTask<WriteResult> CommitAsync(ZooKeeperCommit commit, CancellationToken cancellationToken)
    {
        bool isUnderWay = false;
        try
        {
            for (int attempt = 0; attempt < MaxTries; attempt++)
            {
                IReadOnlyList<string> needs = commit.Needs();
                ZooKeeperNode?[] read = await reads.ReadAsync(needs, cancellationToken).ConfigureAwait(false);
                if (commit.Build(needs, read, out WriteResult result) is not { } multi)
                {
                    return result;
                }

                isUnderWay = true;
                ZooKeeperMultiResult answer = await SendAsync(multi, commit.Session, cancellationToken).ConfigureAwait(false);
                isUnderWay = false;
                if (answer.Applied)
                {
                    _pruning.Begin(commit.Deleted);
                    return commit.Done(answer.Zxid);
                }

                await JudgeAsync(answer, attempt, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (!isUnderWay)
        {
            throw e as ZooKeeperUnsentException ?? new ZooKeeperUnsentException(null, cancellationToken);
        }

        throw new StoreException(StoreError.Throttled, "Other clients keep changing the keys of this write; nothing was written.");
    }

    /// <summary>Creates the key if nothing at all is there. Null if something is, or the parent is missing.</summary>
    private async ValueTask<WriteResult?> TryCreateAsync(string path, ReadOnlyMemory<byte> value, ZooKeeperSession? session, CancellationToken cancellationToken)
    {
        ZooKeeperMulti multi = new ZooKeeperMulti { Session = session?.Wire }
            .Create(path, value, session is null ? ZooKeeperCreateMode.Persistent : ZooKeeperCreateMode.Ephemeral, new ZooKeeperCreateOptions { Acl = acl })
            .SetData(shards.PathOf(path), default(ReadOnlyMemory<byte>));
        ZooKeeperMultiResult answer = await SendAsync(multi, session, cancellationToken).ConfigureAwait(false);
        if (!answer.Applied)
        {
            return null;
        }

        int epoch = answer.Results[1].Stat?.Version ?? -1;
        shards.Learn(shards.PathOf(path), epoch);
        shards.Remember(path, new ZooKeeperFact(answer.Zxid, 0, epoch, IsLeaf: true, session?.Wire.Id ?? 0));
        return WriteResult.Done(new Revision(answer.Zxid));
    }

    /// <summary>Sets the key if it is known which version was meant. Null if it is not, or if it may have changed.</summary>
    private async ValueTask<WriteResult?> TrySwapAsync(string path, ReadOnlyMemory<byte> value, Revision revision, CancellationToken cancellationToken)
    {
        ZooKeeperFact fact = shards.Recall(path);
        if (fact.Epoch < 0 || fact.Mzxid != revision.Number || revision.Token != 0 || fact.PathHash == 0)
        {
            return null;
        }

        ZooKeeperMulti multi = new ZooKeeperMulti().Check(shards.PathOf(path), fact.Epoch).SetData(path, value, fact.Version);
        ZooKeeperMultiResult answer = await SendAsync(multi, null, cancellationToken).ConfigureAwait(false);
        if (!answer.Applied)
        {
            return null;
        }

        shards.Remember(path, fact with { Mzxid = answer.Zxid, Version = fact.Version + 1 });
        return WriteResult.Done(new Revision(answer.Zxid));
    }

    /// <summary>Sets a key that is known to hold a value and to have no children. Null if it is not, or is gone.</summary>
    private async ValueTask<WriteResult?> TryOverwriteAsync(string path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        ZooKeeperFact fact = shards.Recall(path);
        if (!fact.IsLeaf || time.GetElapsedTime(fact.SeenAt) > Fresh)
        {
            return null;
        }

        try
        {
            ZooKeeperStat stat = await client.SetDataAsync(path, value, cancellationToken: cancellationToken).ConfigureAwait(false);
            shards.Remember(path, new ZooKeeperFact(stat.Mzxid, stat.Version, stat.Version == fact.Version + 1 ? fact.Epoch : -1, stat.NumChildren == 0, stat.EphemeralOwner));
            return WriteResult.Done(new Revision(stat.Mzxid));
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            shards.Remember(path, default);
            return null;
        }
    }

    /// <summary>Deletes a key that this session is known to have created. Null if it is not known, or something else was created since.</summary>
    private async ValueTask<WriteResult?> TryLetGoAsync(string path, ZooKeeperSession session, CancellationToken cancellationToken)
    {
        ZooKeeperFact fact = shards.Recall(path);
        if (fact.Epoch < 0 || !fact.IsLeaf || fact.Owner != session.Wire.Id)
        {
            return null;
        }

        ZooKeeperMulti multi = new ZooKeeperMulti { Session = session.Wire }.Check(shards.PathOf(path), fact.Epoch).Delete(path);
        ZooKeeperMultiResult answer = await SendAsync(multi, session, cancellationToken).ConfigureAwait(false);
        return answer.Applied ? WriteResult.Done() : null;
    }

    private async ValueTask<ZooKeeperMultiResult> SendAsync(ZooKeeperMulti multi, ZooKeeperSession? session, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            return await client.MultiAsync(multi, cancellationToken).ConfigureAwait(false);
        }

        ZooKeeperMultiResult answer = await UnderAsync(session, session.Client.MultiAsync(multi, cancellationToken)).ConfigureAwait(false);

        // Applied or not: what was decided there, reads here must see.
        reads.Require(answer.Zxid);
        return answer;
    }

    /// <summary>Awaits what was sent under a session, and says so if that is over.</summary>
    private static async ValueTask<T> UnderAsync<T>(ZooKeeperSession session, ValueTask<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error is ZooKeeperError.Closed or ZooKeeperError.SessionExpired or ZooKeeperError.UnknownSession)
        {
            throw new StoreException(StoreError.SessionEnded, $"Session {session.Id} is over.", e.MayHaveApplied, e);
        }
    }

    /// <summary>Somebody was faster, or the place is not prepared: makes the next try worth while.</summary>
    private async ValueTask JudgeAsync(ZooKeeperMultiResult answer, int attempt, CancellationToken cancellationToken)
    {
        switch (answer.Error)
        {
            case ZooKeeperError.NoNode when attempt % 2 == 0:
                await _ground.PrepareAsync(cancellationToken).ConfigureAwait(false);
                break;
            case ZooKeeperError.NoNode or ZooKeeperError.NodeExists or ZooKeeperError.BadVersion or ZooKeeperError.NotEmpty:
                break;
            default:
                throw ZooKeeperErrors.From(answer.Error);
        }

        if (attempt > 1)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 1 + (5 * attempt))), time, cancellationToken).ConfigureAwait(false);
        }
    }
}
