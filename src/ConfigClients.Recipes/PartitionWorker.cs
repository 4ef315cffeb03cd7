namespace ConfigClients.Recipes;

/// <summary>One partition on this member: claims it when it should be this member's and is free, and lets it go when not. One step at a time.</summary>
internal sealed class PartitionWorker : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly IConfigStore _store;
    private readonly int _partition;
    private readonly string _key;
    private readonly MemberHandle _member;
    private readonly PartitionsOptions _options;
    private readonly Task _work;
    private volatile bool _isWanted;
    private volatile ConfigEntry? _claim;
    private volatile PartitionOwnership? _current;

    public PartitionWorker(IConfigStore store, int partition, string key, MemberHandle member, PartitionsOptions options)
    {
        _store = store;
        _partition = partition;
        _key = key;
        _member = member;
        _options = options;
        _work = Task.Run(RunAsync);
    }

    /// <summary>What is owned now.</summary>
    public PartitionOwnership? Current => _current;

    /// <summary>What the group looks like now.</summary>
    /// <param name="isWanted">Whether the partition should be this member's.</param>
    /// <param name="claim">Who has it.</param>
    public void Tell(bool isWanted, ConfigEntry? claim)
    {
        _isWanted = isWanted;
        _claim = claim;
        Wake();
    }

    /// <summary>Lets it go and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _isWanted = false;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Wake()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TimeSpan wait = await StepAsync().ConfigureAwait(false) ? Timeout.InfiniteTimeSpan : Pause;
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _current?.Lost ?? CancellationToken.None);
            try
            {
                await _news.WaitAsync(wait, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Lost, or to be let go.
            }
        }

        if (_current is { } last)
        {
            await ReleaseAsync(last).ConfigureAwait(false);
        }
    }

    /// <summary>Does what is to be done. Returns false if it has to be tried again soon.</summary>
    private async Task<bool> StepAsync()
    {
        if (_current is { } owned && (!_isWanted || !owned.IsOwned || IsTakenFrom(owned)))
        {
            await ReleaseAsync(owned).ConfigureAwait(false);
        }

        if (!_isWanted || _current is not null || !_member.IsMember)
        {
            return !_isWanted || _member.IsMember;
        }

        // Somebody has it still: the watch tells when it is free.
        return _claim is not null || await ClaimAsync().ConfigureAwait(false);
    }

    private bool IsTakenFrom(PartitionOwnership owned) => _claim is { } claim && claim.CreateRevision > owned.Epoch;

    private async Task<bool> ClaimAsync()
    {
        if (_member.Session is not { } session)
        {
            return false;
        }

        try
        {
            WriteResult result = await _store.SetAsync(_key, _member.Id, Condition.Absent, session, _stop.Token).ConfigureAwait(false);
            if (!result.Applied)
            {
                return await FindAsync(session).ConfigureAwait(false);
            }

            return await StartAsync(new PartitionOwnership(_partition, _key, session, result.Revision)).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.MayHaveApplied)
        {
            return await FindAsync(session).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Looks whether a claim of this member stands, whose answer was lost.</summary>
    private async Task<bool> FindAsync(IStoreSession session)
    {
        try
        {
            return await _store.GetAsync(_key, _stop.Token).ConfigureAwait(false) is { } entry && entry.SessionId == session.Id && entry.GetString() == _member.Id
                && await StartAsync(new PartitionOwnership(_partition, _key, session, entry.Revision)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task<bool> StartAsync(PartitionOwnership ownership)
    {
        _current = ownership;
        if (await CallAsync(_options.OnAcquiring, ownership).ConfigureAwait(false))
        {
            return true;
        }

        await ReleaseAsync(ownership).ConfigureAwait(false);
        return false;
    }

    private async Task ReleaseAsync(PartitionOwnership owned)
    {
        if (!owned.IsOwned || IsTakenFrom(owned))
        {
            owned.Lose();
        }

        await CallAsync(_options.OnReleasing, owned).ConfigureAwait(false);
        bool wasOwned = owned.IsOwned;
        owned.End();
        _current = null;
        while (wasOwned && owned.Session.State != SessionState.Lost)
        {
            try
            {
                await _store.DeleteAsync(_key, Condition.UnchangedSince(owned.Claim)).ConfigureAwait(false);
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (StoreException)
            {
                await Task.Delay(Pause / 4, _options.Contender.Time).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> CallAsync(Func<PartitionOwnership, CancellationToken, Task>? callback, PartitionOwnership ownership)
    {
        try
        {
            if (callback is not null)
            {
                await callback(ownership, ownership.Lost).ConfigureAwait(false);
            }

            return true;
        }
#pragma warning disable CA1031 // The application's own: whatever it throws must neither end this loop nor keep the partition.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
