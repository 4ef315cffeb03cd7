using ConfigClients.Recipes.Queueing;

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
    private volatile PartitionNews _known = PartitionNews.None;
    private volatile PartitionOwnership? _current;
    private IStoreSession? _unsure;

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
    public void Tell(PartitionNews news)
    {
        _known = news;
        Wake();
    }

    /// <summary>Lets it go and ends.</summary>
    public async ValueTask DisposeAsync()
    {
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

        if (_unsure is { } session)
        {
            SeatRemoval.Begin(_store, new Seat(_key, session, 0), _options.Contender.Time);
        }
    }

    /// <summary>Does what is to be done. Returns false if it has to be tried again soon.</summary>
    private async Task<bool> StepAsync()
    {
        PartitionNews known = _known;
        if (_current is { } owned && (!known.IsWanted || !owned.IsOwned || known.IsOver(owned)))
        {
            await ReleaseAsync(owned).ConfigureAwait(false);
        }

        if (!known.IsWanted || _current is not null || !_member.IsMember)
        {
            return !known.IsWanted || _member.IsMember;
        }

        // Somebody has it still: the watch tells when it is free. Unless it is a claim of this member, whose answer was lost.
        return (known.Claim is not null && _unsure is null) || await ClaimAsync().ConfigureAwait(false);
    }

    private async Task<bool> ClaimAsync()
    {
        if (_member.Session is not { } session)
        {
            return false;
        }

        try
        {
            // Not cancelled when this member ends: its answer says what has to be given back.
            WriteResult result = await _store.SetAsync(_key, _member.Id, Condition.Absent, session, CancellationToken.None).ConfigureAwait(false);
            return result.Applied
                ? await StartAsync(new PartitionOwnership(_partition, _key, session, result.Revision)).ConfigureAwait(false)
                : _unsure is not null && await FindAsync(session).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.MayHaveApplied)
        {
            _unsure = session;
            return await FindAsync(session).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Looks whether a claim of this member stands, whose answer was lost.</summary>
    private async Task<bool> FindAsync(IStoreSession session)
    {
        try
        {
            ConfigEntry? entry = await _store.GetAsync(_key, _stop.Token).ConfigureAwait(false);
            if (entry is not null && entry.SessionId == session.Id && entry.GetString() == _member.Id)
            {
                return await StartAsync(new PartitionOwnership(_partition, _key, session, entry.Revision)).ConfigureAwait(false);
            }

            // Whoever has it now, it is not that claim. If nobody has it, that claim may still arrive.
            _unsure = entry is null ? _unsure : null;
            return false;
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task<bool> StartAsync(PartitionOwnership ownership)
    {
        _unsure = null;
        if (_stop.IsCancellationRequested)
        {
            await GiveBackAsync(ownership).ConfigureAwait(false);
            return false;
        }

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
        if (!owned.IsOwned || _known.IsOver(owned))
        {
            owned.Lose();
        }

        await CallAsync(_options.OnReleasing, owned).ConfigureAwait(false);
        await GiveBackAsync(owned).ConfigureAwait(false);
    }

    private async Task GiveBackAsync(PartitionOwnership owned)
    {
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
            catch (StoreException) when (_stop.IsCancellationRequested)
            {
                // Who ends does not wait for the store to come back.
                SeatRemoval.Begin(_store, new Seat(_key, owned.Session, owned.Epoch), _options.Contender.Time, Condition.UnchangedSince(owned.Claim));
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
