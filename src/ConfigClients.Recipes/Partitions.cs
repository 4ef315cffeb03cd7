using System.Collections.Concurrent;
using System.Globalization;
using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>Work in numbered partitions, spread over the members of a group by a hash ring; partitions move by themselves when members come and go. Thread-safe.</summary>
/// <remarks>
/// Each member computes the same spread from the same view. A partition's owner holds a claim: a key that lives with its session, created only where there is none.
/// So a partition has at most one owner at a time, however far views are apart, and each owner's <see cref="PartitionOwnership.Epoch"/> is larger than the last.
/// </remarks>
public sealed class Partitions : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly ConcurrentDictionary<int, PartitionWorker> _workers = new();
    private readonly IConfigStore _store;
    private readonly PartitionsOptions _options;
    private readonly Membership _membership;
    private readonly string _claims;
    private MemberHandle? _member;
    private Task _following = Task.CompletedTask;

    internal Partitions(IConfigStore store, string name, PartitionsOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ConfigKey.Check(name);
        if (options.Count is < 1 or > 65_536)
        {
            throw new ArgumentOutOfRangeException(nameof(options), $"PartitionsOptions.Count is {options.Count}; it must be 1 to 65,536.");
        }

        if (!(options.MaxLoad is >= 1 and <= 10))
        {
            throw new ArgumentOutOfRangeException(nameof(options), $"PartitionsOptions.MaxLoad is {options.MaxLoad}; it must be 1 to 10.");
        }

        _store = store;
        _options = options;
        _membership = new Membership(store, name + "/members", options.Contender);
        _claims = name + "/claims";
        Name = name;
    }

    /// <summary>The name: a key of the store, below which members and claims lie.</summary>
    public string Name { get; }

    /// <summary>The group of those who share the work.</summary>
    public Membership Group => _membership;

    /// <summary>This member; null until <see cref="StartAsync"/>.</summary>
    public MemberHandle? Member => _member;

    /// <summary>What this member owns now, by partition.</summary>
    public IReadOnlyDictionary<int, PartitionOwnership> Owned =>
        _workers.Values.Select(static worker => worker.Current).OfType<PartitionOwnership>().Where(static owned => owned.IsOwned).ToDictionary(static owned => owned.Partition);

    /// <summary>Joins the group and takes part in the work. Call once.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When this member has joined. Its partitions come one by one.</returns>
    /// <exception cref="StoreException">As for <see cref="Membership.JoinAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">They were disposed of meanwhile.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _member = await _membership.JoinAsync(_options.MemberId, cancellationToken: either.Token).ConfigureAwait(false);
            _following = Task.Run(FollowAsync, CancellationToken.None);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(Partitions));
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Lets all partitions go in good order, then leaves the group. Not to be awaited in a callback of a partition: it waits for them.</summary>
    /// <returns>When done.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _starting.WaitAsync().ConfigureAwait(false);
        _starting.Release();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Out of the group first: the others then know whose partitions they are, and take them as they come free.
        if (_member is not null)
        {
            await _member.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(_workers.Values.Select(static worker => worker.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await FollowOnceAsync().ConfigureAwait(false);
            }
            catch (StoreException)
            {
                // Watching is refused for now. What is owned stays owned while its session does; what is not, nobody can claim here.
                await Task.Delay(TimeSpan.FromSeconds(1), _options.Contender.Time, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task FollowOnceAsync()
    {
        Dictionary<string, ConfigEntry> entries = new(StringComparer.Ordinal);
        await foreach (WatchBatch batch in _store.WatchAsync(Name, _stop.Token).ConfigureAwait(false))
        {
            foreach (ConfigChange change in batch.Changes)
            {
                if (change.Entry is null)
                {
                    entries.Remove(change.Key);
                }
                else
                {
                    entries[change.Key] = change.Entry;
                }
            }

            if (batch.Kind != WatchBatchKind.Stale)
            {
                Spread(entries, batch.Revision);
            }
        }
    }

    private void Spread(Dictionary<string, ConfigEntry> entries, long revision)
    {
        string group = _membership.Name + "/";
        string[] members = [.. entries.Values.Where(entry => entry.SessionId is not null && entry.Key.StartsWith(group, StringComparison.Ordinal)).Select(entry => entry.Key[group.Length..])];
        if (members.Length == 0)
        {
            return;
        }

        IReadOnlyList<string> owners = new HashRing(members).Assign(_options.Count, _options.MaxLoad);
        for (int partition = 0; partition < owners.Count; partition++)
        {
            bool isMine = owners[partition] == _member!.Id;
            if (isMine || _workers.ContainsKey(partition))
            {
                string key = ClaimKey(partition);
                PartitionWorker worker = _workers.GetOrAdd(partition, number => new PartitionWorker(_store, number, key, _member, _options));
                worker.Tell(new PartitionNews(isMine, entries.GetValueOrDefault(key), revision));
            }
        }
    }

    private string ClaimKey(int partition) => $"{_claims}/{partition.ToString("D5", CultureInfo.InvariantCulture)}";
}
