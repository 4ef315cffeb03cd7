using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd.Wire;

/// <summary>The endpoints: calls go round those that answer. One that fails is left alone, and probed until it is well again. Thread-safe.</summary>
/// <remarks>
/// So an endpoint that is down costs one connect time-out in all, not one per call, and calls spread over all of them again afterwards.
/// With a single endpoint there is nothing to choose: it is never left.
/// </remarks>
internal sealed class EtcdMembers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly EtcdMember[] _members;
    private readonly EtcdProbe _probe;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _underWay = [];
    private uint _next = (uint)Random.Shared.Next();

    public EtcdMembers(IEnumerable<EtcdMember> members, TimeSpan probeTimeout, TimeProvider time, ILogger logger)
    {
        _members = [.. members];
        _probe = new EtcdProbe(probeTimeout, time, logger);
        _time = time;
        _logger = logger;
    }

    /// <summary>Makes the members that the options name.</summary>
    public static EtcdMembers Create(EtcdStoreOptions options, TimeProvider time, ILogger logger)
    {
        StoreTls? tls = options.Endpoints[0].Scheme == "https" ? new StoreTls(options.Tls, logger) : null;
        return new EtcdMembers(
            options.Endpoints.Select(endpoint =>
            {
                EtcdConnections connections = new();
                return new EtcdMember(endpoint, EtcdHandlers.Create(options, tls?.CreateOptions(), connections), connections);
            }),
            options.ConnectTimeout + TimeSpan.FromSeconds(1),
            time,
            logger);
    }

    /// <summary>How many there are.</summary>
    public int Count => _members.Length;

    /// <summary>The next one that is well; if none is, the next one.</summary>
    public EtcdMember Pick()
    {
        uint turn = Interlocked.Increment(ref _next);
        for (uint i = 0; i < (uint)_members.Length; i++)
        {
            EtcdMember member = _members[(turn + i) % (uint)_members.Length];
            if (Volatile.Read(ref member.LeftAlone) == 0)
            {
                return member;
            }
        }

        return _members[turn % (uint)_members.Length];
    }

    /// <summary>A member answered: looks at its version, once.</summary>
    public void Answered(EtcdMember member)
    {
        if (Volatile.Read(ref member.Inspected) == 0 && Interlocked.Exchange(ref member.Inspected, 1) == 0)
        {
            Begin(() => _probe.InspectAsync(member, _stop.Token));
        }
    }

    /// <summary>A member failed: calls go to others until it is well again.</summary>
    public void Leave(EtcdMember member, string reason)
    {
        if (_members.Length > 1 && Interlocked.Exchange(ref member.LeftAlone, 1) == 0)
        {
            Log.MemberLeft(_logger, member.Name, reason);
            Begin(() => RecoverAsync(member));
        }
    }

    /// <summary>A member did not answer in time. That may be the request: only a probe tells. If that is not answered either, its connections are given up.</summary>
    public void Suspect(EtcdMember member)
    {
        if (Volatile.Read(ref member.LeftAlone) == 0 && Interlocked.Exchange(ref member.Suspected, 1) == 0)
        {
            Begin(async () =>
            {
                if (await ProbeAsync(member).ConfigureAwait(false) != EtcdHealth.Well && !_stop.IsCancellationRequested)
                {
                    Leave(member, "it does not answer in time");
                }

                Volatile.Write(ref member.Suspected, 0);
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] underWay;
        lock (_gate)
        {
            underWay = [.. _underWay];
        }

        await Task.WhenAll(underWay).ConfigureAwait(false);
        foreach (EtcdMember member in _members)
        {
            member.Dispose();
        }

        _stop.Dispose();
    }

    private async Task RecoverAsync(EtcdMember member)
    {
        Backoff backoff = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5), Random.Shared);
        do
        {
            await Task.Delay(backoff.Next(), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested)
            {
                return;
            }
        }
        while (await ProbeAsync(member).ConfigureAwait(false) != EtcdHealth.Well);

        // It may have come back as another version.
        Volatile.Write(ref member.Inspected, 0);
        Volatile.Write(ref member.LeftAlone, 0);
        Log.MemberBack(_logger, member.Name);
    }

    private async Task<EtcdHealth> ProbeAsync(EtcdMember member)
    {
        EtcdHealth health = await _probe.AskAsync(member, _stop.Token).ConfigureAwait(false);
        if (health == EtcdHealth.Silent && !_stop.IsCancellationRequested)
        {
            // Without this, a single endpoint behind a dead connection would be out of reach until the pings of the connection notice.
            member.Disconnect();
        }

        return health;
    }

    private void Begin(Func<Task> work)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            Task task = Task.Run(work);
            _underWay.Add(task);
            _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Forget(Task task)
    {
        lock (_gate)
        {
            _underWay.Remove(task);
        }
    }
}
