using System.Threading.Channels;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd.Wire;

/// <summary>One watch stream with all watches of a store on it, until it breaks. One task writes, one reads. Thread-safe.</summary>
/// <remarks>However a stream ends, by error or not, its watches are over, and each is made anew elsewhere from the revision that it has reached.</remarks>
internal sealed class EtcdWatchStream : IAsyncDisposable
{
    private readonly Channel<WatchRequest> _outgoing = Channel.CreateUnbounded<WatchRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;
    private readonly EtcdMember _member;
    private readonly EtcdMembers _members;
    private readonly EtcdCredentials _credentials;
    private readonly Metadata _headers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _openedAt;
    private readonly Task _work;
    private long _heardAt;

    public EtcdWatchStream(
        EtcdMember member, EtcdMembers members, EtcdCredentials credentials, Metadata headers, EtcdKeys keys, TimeSpan maxAge, TimeProvider time, ILogger logger)
    {
        _member = member;
        _members = members;
        _credentials = credentials;
        _headers = headers;
        Watches = new EtcdWatchRoll(keys, _outgoing.Writer);
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

    /// <summary>The watches on it.</summary>
    public EtcdWatchRoll Watches { get; }

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
        if (Watches.Close() is not { } cut)
        {
            return;
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
                Watches.Take(_call.ResponseStream.Current);
                if (Watches.IsRefused)
                {
                    // What comes after it on this stream would be refused as well; with a new token, on another stream, nothing is.
                    _credentials.Drop(_headers);
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
                else if (!Watches.IsAny)
                {
                    // Nobody is waiting, so nobody was silent.
                    Volatile.Write(ref _heardAt, _time.GetTimestamp());
                }
                else if (_time.GetElapsedTime(askedAt) >= AskEvery)
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
}
