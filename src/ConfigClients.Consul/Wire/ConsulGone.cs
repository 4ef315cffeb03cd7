namespace ConfigClients.Consul.Wire;

/// <summary>Waits until one key is gone, by a query of this key alone that waits at the server; without a slot for it, looks every second or two.</summary>
internal sealed class ConsulGone(ConsulReads reads, ConsulWatchSlots slots, ConsulStoreOptions options, TimeProvider time)
{
    /// <summary>Short at first: an abandoned query keeps its place at the server until its wait is over.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Waits.</summary>
    /// <returns>True when it is gone.</returns>
    /// <exception cref="StoreException">It could not be read.</exception>
    public async ValueTask<bool> WaitAsync(string key, long createRevision, CancellationToken cancellationToken)
    {
        TimeSpan wait = FirstWait;
        (ConfigEntry? entry, _, long index) = await LookAsync(key, cancellationToken).ConfigureAwait(false);
        while (entry?.CreateRevision == createRevision)
        {
            long seen = index;
            if (index > 0 && slots.TryTake())
            {
                (entry, _, index) = await slots.AskAsync(
                    static (call, token) => call.Reads.WaitAsync(call.Key, call.Index, call.Wait, token), (Reads: reads, Key: key, Index: index, Wait: wait), wait, cancellationToken).ConfigureAwait(false);
                wait = wait * 4 < options.WatchWait ? wait * 4 : options.WatchWait;
            }
            else
            {
                await Task.Delay(FirstWait * (1 + Random.Shared.NextDouble()), time, cancellationToken).ConfigureAwait(false);
                (entry, _, index) = await LookAsync(key, cancellationToken).ConfigureAwait(false);
            }

            // One that went back is of another history, and would be answered at once again and again.
            index = index < seen ? 0 : index;
        }

        return true;
    }

    private async ValueTask<(ConfigEntry? Entry, ulong Flags, long Index)> LookAsync(string key, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(options.RequestTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await reads.WaitAsync(key, 0, default, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ConsulWatchSlots.Silent(options.RequestTimeout);
        }
    }
}
