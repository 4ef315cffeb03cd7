using System.Threading.Channels;
using Etcdserverpb;

namespace ConfigClients.Etcd.Wire;

/// <summary>The watches on one stream: which the server was asked for, which it knows, and what it tells them. Thread-safe.</summary>
/// <remarks>Answers to "create" come in the order of the requests, and only so can a refused one be told: it carries no number.</remarks>
internal sealed class EtcdWatchRoll(EtcdKeys keys, ChannelWriter<WatchRequest> outgoing)
{
    private readonly Dictionary<long, EtcdSubscription> _live = [];
    private readonly Queue<EtcdSubscription> _creating = new();
    private readonly Lock _gate = new();
    private long _lastId;
    private bool _isClosed;

    /// <summary>Whether the server has refused a watch because of the token: what follows would be refused, too. For the task that calls <see cref="Take"/>.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether it is closed.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Whether the server knows any of them.</summary>
    public bool IsAny
    {
        get
        {
            lock (_gate)
            {
                return _live.Count > 0;
            }
        }
    }

    /// <summary>Asks for a watch.</summary>
    /// <param name="from">The first name.</param>
    /// <param name="to">The name that ends the range.</param>
    /// <param name="revision">The first revision to tell; 0 for whatever comes from now on.</param>
    /// <returns>The watch, not created yet; null if the roll is closed.</returns>
    public EtcdSubscription? Create(byte[] from, byte[] to, long revision)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            EtcdSubscription subscription = new(++_lastId, keys);
            _creating.Enqueue(subscription);
            outgoing.TryWrite(new WatchRequest
            {
                CreateRequest = new WatchCreateRequest
                {
                    Key = EtcdRow.Bytes(from), RangeEnd = EtcdRow.Bytes(to), StartRevision = revision, WatchId = subscription.Id, Fragment = true,
                },
            });
            return subscription;
        }
    }

    /// <summary>A watch is not needed any more.</summary>
    public void Part(EtcdSubscription subscription)
    {
        lock (_gate)
        {
            subscription.IsParted = true;
            if (_live.Remove(subscription.Id))
            {
                Cancel(subscription.Id);
            }
        }
    }

    /// <summary>Takes no more.</summary>
    /// <returns>The watches that were on it, to be ended by the caller; null if it was closed before.</returns>
    public IReadOnlyList<EtcdSubscription>? Close()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            _isClosed = true;
            EtcdSubscription[] all = [.. _creating, .. _live.Values];
            _creating.Clear();
            _live.Clear();
            return all;
        }
    }

    /// <summary>Takes what the server tells.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.ProtocolViolation"/>: it makes no sense.</exception>
    public void Take(WatchResponse told)
    {
        lock (_gate)
        {
            if (told.Created)
            {
                Begin(told);
            }
            else if (told.Canceled)
            {
                if (_live.Remove(told.WatchId, out EtcdSubscription? ended))
                {
                    Cancelled(ended, told);
                }
            }
            else if (told.WatchId == -1)
            {
                long revision = RevisionOf(told);
                foreach (EtcdSubscription subscription in _live.Values)
                {
                    subscription.Progress(revision);
                }
            }
            else if (_live.TryGetValue(told.WatchId, out EtcdSubscription? subscription))
            {
                Tell(subscription, told);
            }
        }
    }

    private void Begin(WatchResponse told)
    {
        if (!_creating.TryPeek(out EtcdSubscription? subscription) || (!told.Canceled && told.WatchId != subscription.Id))
        {
            throw EtcdFailures.Violation("A watch began that nobody asked for", isWrite: false);
        }

        // Only now: a stream that ends tells all that are on it, and one that was taken off would wait for nothing.
        _creating.Dequeue();
        if (told.Canceled)
        {
            Cancelled(subscription, told);
        }
        else if (subscription.IsParted)
        {
            Cancel(subscription.Id);
        }
        else
        {
            _live.Add(subscription.Id, subscription);
            _ = RevisionOf(told);
            subscription.Begin(EtcdHistory.From(told.Header));
        }
    }

    private void Tell(EtcdSubscription subscription, WatchResponse told)
    {
        if (told.Events.Count == 0 && !told.Fragment)
        {
            subscription.Progress(RevisionOf(told));
        }
        else if (!subscription.Take(told.Events, told.Fragment))
        {
            // It goes on from where its consumer is, when that has caught up; after a gap, from a new reading.
            _live.Remove(subscription.Id);
            Cancel(subscription.Id);
            subscription.End(null);
        }
    }

    private void Cancelled(EtcdSubscription subscription, WatchResponse told)
    {
        if (told.CompactRevision != 0)
        {
            subscription.Gap($"the store was compacted at revision {told.CompactRevision}, beyond what this watch had seen");
            return;
        }

        string reason = EtcdFailures.Brief(told.CancelReason);
        if (EtcdErrors.IsAboutToken(reason))
        {
            // It ends with the stream.
            _live[subscription.Id] = subscription;
            IsRefused = true;
            return;
        }

        subscription.End(EtcdErrors.FromCancelledWatch(reason));
    }

    private static long RevisionOf(WatchResponse told) => told.Header is { Revision: > 0 } header
        ? header.Revision
        : throw EtcdFailures.Violation("A watch was told something without a revision", isWrite: false);

    private void Cancel(long id) =>
        outgoing.TryWrite(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = id } });
}
