using Microsoft.Extensions.Logging;

namespace ConfigClients.Consul.Wire;

/// <summary>Lets watches share queries: one per prefix, and none below a prefix that is queried already. Thread-safe.</summary>
internal sealed class ConsulWatchHub(
    ConsulLists lists, ConsulWatchSlots slots, ConsulStoreOptions options, TimeProvider time, ILogger logger, CancellationToken stop) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ConsulWatchQuery> _queries = [];
    private int _exhaustionLogged;

    /// <summary>A server answers within the wait and a sixteenth of it; the rest is for the way.</summary>
    public TimeSpan MaxSilence { get; } = options.WatchWait + (options.WatchWait / 16) + TimeSpan.FromSeconds(5);

    /// <summary>Finds or starts a query that covers a prefix. Part from it again.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="from">A listing of just this prefix to start from; null to begin with one.</param>
    public ConsulWatchQuery Join(string prefix, ConfigSnapshot? from)
    {
        lock (_gate)
        {
            _queries.RemoveAll(static query => query.IsOver);
            ConsulWatchQuery? query = _queries.Find(query => query.Prefix == prefix)
                ?? _queries.Find(query => ConfigKey.IsBelow(prefix, query.Prefix));
            if (query is null)
            {
                query = new ConsulWatchQuery(prefix, from, this, options.WatchWait, time, stop);
                _queries.Add(query);
            }
            else if (query.Prefix != prefix)
            {
                Log.WatchShared(logger, prefix, query.Prefix);
            }

            query.Join();
            return query;
        }
    }

    /// <summary>A watch needs its query no longer. Unless another joins, the query ends with its next answer: the server would go on waiting anyway.</summary>
    public void Part(ConsulWatchQuery query)
    {
        lock (_gate)
        {
            query.Part();
        }
    }

    /// <summary>Whether nobody needs a query. If so, nobody can join it any more.</summary>
    internal bool TryRetire(ConsulWatchQuery query)
    {
        lock (_gate)
        {
            return query.Members == 0 && _queries.Remove(query);
        }
    }

    /// <summary>Asks once: waits at the server if a slot is free, else waits here and polls.</summary>
    internal async ValueTask<ConfigSnapshot> AskAsync(ConfigSnapshot known, long index, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (index > 0 && !slots.TryTake())
        {
            if (Interlocked.Exchange(ref _exhaustionLogged, 1) == 0)
            {
                Log.WatchSlotsExhausted(logger, options.MaxWatchConnections);
            }

            await Task.Delay(TimeSpan.FromSeconds(1 + Random.Shared.NextDouble()), time, cancellationToken).ConfigureAwait(false);
            return await PollAsync(known, cancellationToken).ConfigureAwait(false);
        }

        if (index <= 0)
        {
            return await PollAsync(known, cancellationToken).ConfigureAwait(false);
        }

        return await slots.AskAsync(
            static (call, token) => call.Lists.ListAsync(call.Known.Prefix, call.Known, call.Index, call.Wait, token), (Lists: lists, Known: known, Index: index, Wait: wait), wait, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ConsulWatchQuery[] queries;
        lock (_gate)
        {
            queries = [.. _queries];
        }

        foreach (ConsulWatchQuery query in queries)
        {
            await query.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<ConfigSnapshot> PollAsync(ConfigSnapshot known, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(options.RequestTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await lists.ListAsync(known.Prefix, known, 0, default, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ConsulWatchSlots.Silent(options.RequestTimeout);
        }
    }
}
