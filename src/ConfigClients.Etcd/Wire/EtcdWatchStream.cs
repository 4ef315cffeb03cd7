using System.Threading.Channels;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd.Wire;

/// <summary>One watch stream with all watches of a store on it, until it breaks. One task writes, one reads. Thread-safe.</summary>
/// <remarks>
/// Answers to "create" come in the order of the requests, and only so can a refused one be told: it carries no number.
/// However a stream ends, by error or not, its watches are over, and each is made anew elsewhere from the revision that it has reached.
/// </remarks>
internal sealed class EtcdWatchStream : IAsyncDisposable
{
    private readonly Channel<WatchRequest> _outgoing = Channel.CreateUnbounded<WatchRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<long, EtcdSubscription> _live = [];
    private readonly Queue<EtcdSubscription> _creating = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;
    private readonly EtcdMember _member;
    private readonly EtcdMembers _members;
    private readonly EtcdCredentials _credentials;
    private readonly Metadata _headers;
    private readonly EtcdKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _openedAt;
    private readonly Task _work;
    private long _heardAt;
    private long _lastId;
    private bool _isOver;
    private bool _isRefused;

    public EtcdWatchStream(
        EtcdMember member, EtcdMembers members, EtcdCredentials credentials, Metadata headers, EtcdKeys keys, TimeSpan maxAge, TimeProvider time, ILogger logger)
    {
        _member = member;
        _members = members;
        _credentials = credentials;
        _headers = headers;
        _keys = keys;
        _time = time;
        _logger = logger;
        _openedAt = _heardAt = time.GetTimestamp();
        _call = member.Watches.Watch(new CallOptions(headers, cancellationToken: _stop.Token));
        _work = Task.Run(() => Task.WhenAll(ReadAsync(), WriteAsync(), KeepAsync(maxAge)));
    }

    /// <summary>How often the server is asked how far it is, and so whether it is there.</summary>
    public static TimeSpan AskEvery { get; } = TimeSpan.FromSeconds(10);

    /// <summary>After so much silence the stream is given up, although nobody said that it is broken.</summary>
    public static TimeSpan MaxSilence { get; } = TimeSpan.FromSeconds(25);

    /// <summary>Whether it is over.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _isOver;
            }
        }
    }

    /// <summary>Asks for a watch.</summary>
    /// <param name="from">The first name.</param>
    /// <param name="to">The name that ends the range.</param>
    /// <param name="revision">The first revision to tell; 0 for whatever comes from now on.</param>
    /// <returns>The watch, not created yet; null if the stream is over.</returns>
    public EtcdSubscription? Create(byte[] from, byte[] to, long revision)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return null;
            }

            EtcdSubscription subscription = new(++_lastId, _keys);
            _creating.Enqueue(subscription);
            _outgoing.Writer.TryWrite(new WatchRequest
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

    /// <summary>The member is silent: ends the stream, and has the member looked at.</summary>
    public void GiveUp(StoreException failure)
    {
        _members.Suspect(_member);
        End(failure);
    }

    /// <summary>Ends the stream and all watches on it.</summary>
    /// <param name="failure">What went wrong; null if they shall simply be made anew.</param>
    /// <param name="why">Why, if nothing went wrong.</param>
    public void End(StoreException? failure, string why = "it was open long enough")
    {
        List<EtcdSubscription> cut;
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            cut = [.. _creating, .. _live.Values];
            _creating.Clear();
            _live.Clear();
        }

        if (cut.Count > 0)
        {
            Log.WatchStreamEnded(_logger, _member.Name, failure?.Message ?? why, cut.Count);
        }

        foreach (EtcdSubscription subscription in cut)
        {
            subscription.End(failure);
        }

        _outgoing.Writer.TryComplete();
        _stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        End(null);
        await _work.ConfigureAwait(false);
        _call.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (WatchRequest request in _outgoing.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                await _call.RequestStream.WriteAsync(request, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException or IOException or ObjectDisposedException)
        {
            // Why, the reading side knows better: it gets the status.
        }
    }

    private async Task ReadAsync()
    {
        StoreException failure = new(StoreError.Unavailable, $"{_member.Name} ended the watch stream.");
        try
        {
            while (await _call.ResponseStream.MoveNext(_stop.Token).ConfigureAwait(false))
            {
                Volatile.Write(ref _heardAt, _time.GetTimestamp());
                Dispatch(_call.ResponseStream.Current);
                if (_isRefused)
                {
                    End(null, "its token is not good any more");
                }
            }
        }
        catch (RpcException e) when (!_stop.IsCancellationRequested)
        {
            _credentials.Renew(_headers, e);
            failure = EtcdFailures.From(e, _member.Name, isWrite: false);
            if (failure.Error is StoreError.Unavailable or StoreError.ProtocolViolation)
            {
                _members.Leave(_member, failure.Message);
            }
        }
        catch (StoreException e)
        {
            failure = e;
        }
        catch (OperationCanceledException e) when (!_stop.IsCancellationRequested)
        {
            failure = EtcdFailures.From(e, _member.Name, isWrite: false);
            _members.Leave(_member, failure.Message);
        }
#pragma warning disable CA1031 // Whatever ends the reading ends the stream: one that nobody reads must not pass for one where nothing happens.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Given up by this side, cut in the middle of a message, or not to be understood.
            failure = new StoreException(StoreError.Unavailable, $"The watch stream of {_member.Name} broke ({e.GetType().Name}).", false, e);
        }

        End(failure);
    }

    private async Task KeepAsync(TimeSpan maxAge)
    {
        using PeriodicTimer timer = new(AskEvery / 5, _time);
        long askedAt = _openedAt;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                if (_time.GetElapsedTime(_openedAt) >= maxAge)
                {
                    End(null);
                }
                else if (Volatile.Read(ref _member.LeftAlone) != 0)
                {
                    End(new StoreException(StoreError.Unavailable, $"{_member.Name} is not well."));
                }
                else if (_time.GetElapsedTime(askedAt) >= AskEvery && IsWatching())
                {
                    if (_time.GetElapsedTime(Volatile.Read(ref _heardAt)) >= MaxSilence)
                    {
                        GiveUp(new StoreException(StoreError.Unavailable, $"{_member.Name} gave no sign of life on the watch stream for {MaxSilence.TotalSeconds} s."));
                    }

                    askedAt = _time.GetTimestamp();
                    _outgoing.Writer.TryWrite(new WatchRequest { ProgressRequest = new WatchProgressRequest() });
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stream is over.
        }
    }

    private bool IsWatching()
    {
        lock (_gate)
        {
            if (_live.Count == 0)
            {
                // Nobody is waiting, so nobody was silent.
                Volatile.Write(ref _heardAt, _time.GetTimestamp());
            }

            return _live.Count > 0;
        }
    }

    private void Dispatch(WatchResponse told)
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
            // What comes after it on this stream would be refused as well; with a new token, on another stream, nothing is.
            _credentials.Drop(_headers);
            _isRefused = true;
            subscription.End(null);
            return;
        }

        subscription.End(EtcdErrors.FromCancelledWatch(reason));
    }

    private static long RevisionOf(WatchResponse told) => told.Header is { Revision: > 0 } header
        ? header.Revision
        : throw EtcdFailures.Violation("A watch was told something without a revision", isWrite: false);

    private void Cancel(long id) =>
        _outgoing.Writer.TryWrite(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = id } });
}
