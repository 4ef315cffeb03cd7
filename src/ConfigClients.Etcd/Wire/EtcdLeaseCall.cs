using Etcdserverpb;
using Grpc.Core;

namespace ConfigClients.Etcd.Wire;

/// <summary>One keep-alive stream, until it breaks. Thread-safe.</summary>
/// <remarks>
/// Answers come in the order of the requests. So each answer goes to the oldest heartbeat of its lease that waits, also to one that nobody waits for any more:
/// an answer to an older heartbeat must never pass for one to a newer, or the session would count from a moment too late.
/// </remarks>
internal sealed class EtcdLeaseCall : IAsyncDisposable
{
    private readonly Dictionary<long, Queue<TaskCompletionSource<TimeSpan>>> _waiting = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> _call;
    private readonly EtcdMembers _members;
    private readonly EtcdCredentials _credentials;
    private readonly Metadata _headers;
    private readonly Task _reading;
    private StoreException? _broken;

    public EtcdLeaseCall(EtcdMember member, EtcdMembers members, EtcdCredentials credentials, Metadata headers)
    {
        Member = member;
        _members = members;
        _credentials = credentials;
        _headers = headers;
        _call = member.Leases.LeaseKeepAlive(new CallOptions(headers, cancellationToken: _stop.Token));
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Where it goes.</summary>
    public EtcdMember Member { get; }

    /// <summary>Whether it is over.</summary>
    public bool IsBroken => Volatile.Read(ref _broken) is not null;

    /// <summary>Renews a lease.</summary>
    /// <returns>How long it lives from now; zero if it is gone.</returns>
    public async Task<TimeSpan> BeatAsync(long lease, CancellationToken cancellationToken)
    {
        TaskCompletionSource<TimeSpan> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Enqueue(lease, answer);

            // Not with the caller's token: a write that is cut off would leave the stream in pieces.
            await _call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = lease }, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException or IOException or ObjectDisposedException)
        {
            // Why, the reading side knows better: it gets the status.
            await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }

        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the stream: every heartbeat on it fails.</summary>
    public void Break(StoreException failure)
    {
        List<TaskCompletionSource<TimeSpan>> cut = [];
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            _broken = failure;
            cut.AddRange(_waiting.Values.SelectMany(static queue => queue));
            _waiting.Clear();
        }

        foreach (TaskCompletionSource<TimeSpan> answer in cut)
        {
            answer.TrySetException(failure);

            // Nobody may wait for it any more.
            _ = answer.Task.Exception;
        }

        _stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Break(new StoreException(StoreError.Unavailable, "The keep-alive stream was closed."));
        await _reading.ConfigureAwait(false);
        _call.Dispose();
    }

    private void Enqueue(long lease, TaskCompletionSource<TimeSpan> answer)
    {
        lock (_gate)
        {
            if (_broken is not null)
            {
                throw _broken;
            }

            if (!_waiting.TryGetValue(lease, out Queue<TaskCompletionSource<TimeSpan>>? queue))
            {
                _waiting.Add(lease, queue = new Queue<TaskCompletionSource<TimeSpan>>(1));
            }

            queue.Enqueue(answer);
        }
    }

    private async Task ReadAsync()
    {
        StoreException failure = new(StoreError.Unavailable, $"{Member.Name} ended the keep-alive stream.");
        try
        {
            while (await _call.ResponseStream.MoveNext(_stop.Token).ConfigureAwait(false))
            {
                LeaseKeepAliveResponse answer = _call.ResponseStream.Current;
                Answer(answer.ID, TimeSpan.FromSeconds(Math.Clamp(answer.TTL, 0, int.MaxValue)));
            }
        }
        catch (RpcException e) when (!_stop.IsCancellationRequested)
        {
            _credentials.Renew(_headers, e);
            failure = EtcdFailures.From(e, Member.Name, isWrite: false);
            if (failure.Error is StoreError.Unavailable or StoreError.ProtocolViolation)
            {
                _members.Leave(Member, failure.Message);
            }
            else if (failure.Error is StoreError.SessionEnded)
            {
                // Whose lease is gone, a stream for many does not say. The next heartbeat of each asks for its own.
                failure = new StoreException(StoreError.Unavailable, failure.Message, false, e);
            }
        }
        catch (OperationCanceledException e) when (!_stop.IsCancellationRequested)
        {
            failure = EtcdFailures.From(e, Member.Name, isWrite: false);
            _members.Leave(Member, failure.Message);
        }
#pragma warning disable CA1031 // Whatever ends the reading ends the stream: one that nobody reads must not pass for one where nothing happens.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Given up by this side, cut in the middle of a message, or not to be understood.
            failure = new StoreException(StoreError.Unavailable, $"The keep-alive stream of {Member.Name} broke ({e.GetType().Name}).", false, e);
        }

        Break(failure);
    }

    private void Answer(long lease, TimeSpan left)
    {
        TaskCompletionSource<TimeSpan>? answer = null;
        lock (_gate)
        {
            if (_waiting.TryGetValue(lease, out Queue<TaskCompletionSource<TimeSpan>>? queue) && queue.TryDequeue(out answer) && queue.Count == 0)
            {
                _waiting.Remove(lease);
            }
        }

        answer?.TrySetResult(left);
    }
}
