using System.Runtime.CompilerServices;
using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>One leader at a time; the others wait in the order in which they came. Costs nothing until it is used; thread-safe.</summary>
public sealed class LeaderElection
{
    private readonly IConfigStore _store;
    private readonly ContenderQueue _queue;

    internal LeaderElection(IConfigStore store, string name, ContenderOptions? options)
    {
        _store = store;
        _queue = new ContenderQueue(store, name, options);
    }

    /// <summary>The name: a key of the store, below which the candidates' seats lie.</summary>
    public string Name => _queue.Name;

    /// <summary>Waits until this process leads.</summary>
    /// <param name="payload">What the leader says about itself, up to 350 KiB. Default: its name and since when, as JSON.</param>
    /// <param name="cancellationToken">Ends the campaign; leaves no seat behind.</param>
    /// <returns>The lead; dispose it to resign.</returns>
    /// <exception cref="StoreException">The store could not be reached when the campaign began, or refused. An outage while it waits does not end it.</exception>
    public async Task<Leadership> CampaignAsync(ReadOnlyMemory<byte>? payload = null, CancellationToken cancellationToken = default)
    {
        LockHandle? hold = await _queue.EnterAsync("", payload, Turn.First, null, cancellationToken).ConfigureAwait(false);
        return new Leadership(_store, hold!);
    }

    /// <summary>Who leads now: one <see cref="IConfigStore.ListAsync"/>.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The leader, or null while there is none.</returns>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.ListAsync"/>.</exception>
    public async Task<Leader?> GetLeaderAsync(CancellationToken cancellationToken = default) =>
        Leader.From((await _queue.ReadAsync(cancellationToken).ConfigureAwait(false)).First);

    /// <summary>Who leads now, and whenever that changes, or what the leader says. Short terms may be skipped, the last one never is.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The leaders; null while there is none.</returns>
    /// <exception cref="StoreException">While enumerating: not transient, as for <see cref="IConfigStore.WatchAsync"/>.</exception>
    public async IAsyncEnumerable<Leader?> ObserveAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _queue.View.Enter();
        try
        {
            Leader? known = null;
            bool isFirst = true;
            while (true)
            {
                Leader? seen = known;
                bool isNews = isFirst;
                QueueState state = await _queue.View.UntilAsync(
                    state => isNews || !IsSame(seen, Leader.From(state.First)), cancellationToken).ConfigureAwait(false);
                known = Leader.From(state.First);
                isFirst = false;
                yield return known;
            }
        }
        finally
        {
            _queue.View.Leave();
        }
    }

    private static bool IsSame(Leader? left, Leader? right) => left is null ? right is null : left.IsSame(right);
}
