using ConfigClients.Adapters;

namespace ConfigClients.Etcd.Wire;

/// <summary>Waits until one key is gone, by a watch of this key alone, on the stream that all watches of a store share.</summary>
/// <remarks>The watch begins "now", and then the key is looked at: a watch that begins at a revision already passed is served every 100 ms only.</remarks>
internal sealed class EtcdGone(EtcdWatchHub hub, EtcdReads reads, EtcdKeys keys)
{
    /// <summary>Waits.</summary>
    /// <returns>True when it is gone; false if the watch ended before.</returns>
    /// <exception cref="StoreException">The watch broke, or was refused.</exception>
    public async ValueTask<bool> WaitAsync(string key, long createRevision, CancellationToken cancellationToken)
    {
        byte[] stored = keys.Stored(key);
        (EtcdSubscription watch, EtcdWatchStream stream, _) = await hub.JoinAsync(stored, EtcdKeys.After(stored), 0, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!Stands(await reads.GetAsync(key, cancellationToken).ConfigureAwait(false), createRevision))
            {
                return true;
            }

            await foreach (WatchStep step in watch.ReadAsync(0, cancellationToken).ConfigureAwait(false))
            {
                if (step.Kind == WatchStepKind.Changes && step.Changes.Any(change => !Stands(change.Entry, createRevision)))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            stream.Watches.Part(watch);
        }
    }

    private static bool Stands(ConfigEntry? entry, long createRevision) => entry?.CreateRevision == createRevision;
}
