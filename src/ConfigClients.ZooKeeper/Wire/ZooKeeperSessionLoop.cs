using System.Net;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Keeps the client connected: goes from server to server, takes the session along, and begins a new one when it is over.</summary>
internal sealed class ZooKeeperSessionLoop : IDisposable
{
    // A connection that held so long was no accident: the next search starts afresh.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(5);

    private readonly ZooKeeperCore _core;
    private readonly ZooKeeperServerRounds _rounds;
    private readonly ZooKeeperBurial _burial;
    private readonly CancellationTokenSource _stop = new();
    private Task? _run;
    private ZooKeeperClientSession? _session;
    private ZooKeeperResyncReason _resync;

    public ZooKeeperSessionLoop(ZooKeeperCore core)
    {
        _core = core;
        _rounds = new ZooKeeperServerRounds(
            core.Servers, static (host, token) => Dns.GetHostAddressesAsync(host, token), core.Options.ConnectTimeout, LongestPause, core.Time, Random.Shared)
        {
            OnFailure = failure => core.Outbox.LastFailure = failure,
        };
        _burial = new ZooKeeperBurial(core);
    }

    /// <summary>The session in use, or the last one; null before the first.</summary>
    public ZooKeeperClientSession? Session => Volatile.Read(ref _session);

    /// <summary>The server in use, or null.</summary>
    public string? Server { get; private set; }

    /// <summary>Starts to connect. Call once.</summary>
    public void Start() => _run = Task.Run(RunAsync);

    /// <summary>Ends the session and the connection, as far as that takes no longer than a moment.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_run is not null)
        {
            await _run.ConfigureAwait(false);
        }

        if (Session is { } session)
        {
            session.End(SessionEndReason.Closed);
            session.Forget();
        }

        _core.State.Move(ZooKeeperState.Closed);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        _core.State.Move(ZooKeeperState.Connecting);
        bool onlyTls = true;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                ZooKeeperEndpoint endpoint = await _rounds.NextAsync(_stop.Token).ConfigureAwait(false);
                Exception failure = await VisitAsync(endpoint).ConfigureAwait(false);
                _core.Outbox.LastFailure = failure;
                if (failure is ZooKeeperException { Error: ZooKeeperError.AuthFailed } refused)
                {
                    End(refused);
                    return;
                }

                onlyTls &= failure is ZooKeeperException { Error: ZooKeeperError.TlsFailed };
                if (_rounds.IsOver)
                {
                    await EndRoundAsync(onlyTls ? failure : null).ConfigureAwait(false);
                    onlyTls = true;
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task EndRoundAsync(Exception? tlsFailure)
    {
        if (tlsFailure is not null)
        {
            // Waiting does not mend a certificate: whoever waits learns of it now.
            _core.Outbox.FailWaiting(request => ZooKeeperFailures.NotSent(request, null, tlsFailure));
        }

        if (_core.Options.AllowReadOnly)
        {
            await TryReadOnlyAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Tries one address, and stays as long as it serves.</summary>
    /// <returns>Why it does not, or no longer.</returns>
    private Task<Exception> VisitAsync(ZooKeeperEndpoint endpoint) => ProtectAsync(endpoint, async () =>
    {
        await _burial.TryAsync(endpoint, _stop.Token).ConfigureAwait(false);
        if (Session is { State: not SessionState.Lost } session && await ResumeAsync(endpoint, session).ConfigureAwait(false) is { } ended)
        {
            return ended;
        }

        // One that has seen nothing yet may begin with whatever it finds.
        return await BeginAsync(endpoint, _core.Options.AllowReadOnly && _core.Progress.Zxid == 0).ConfigureAwait(false);
    });

    private async Task<Exception> ProtectAsync(ZooKeeperEndpoint endpoint, Func<Task<Exception>> visit)
    {
        long start = _core.Time.GetTimestamp();
        try
        {
            return await visit().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever goes wrong, also in the user's TLS options, the next server is tried; whoever waits is told why in the end.
        catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            ZooKeeperException failure = ZooKeeperVisitFailures.Of(e, endpoint, _core.Options.Tls is not null);
            Log.ServerFailed(_core.Logger, endpoint.ToString(), failure.Message);
            return failure;
        }
        finally
        {
            if (_core.Time.GetElapsedTime(start) >= Steady)
            {
                _rounds.Reset();
            }
        }
    }

    /// <returns>Why the connection ended; null if the session is over, so that a new one can begin.</returns>
    private async Task<Exception?> ResumeAsync(ZooKeeperEndpoint endpoint, ZooKeeperClientSession session)
    {
        using ZooKeeperAttempt attempt = new(_core, session.Timeout, _stop.Token);
        Stream stream = await _core.Dialer.ConnectAsync(endpoint, attempt.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            long sentAt = _core.Time.GetTimestamp();
            ZooKeeperWelcome welcome = await ZooKeeperHandshake.Resume(_core.Progress.Zxid, _core.Options.SessionTimeout, session)
                .ExchangeAsync(stream, attempt.Token).ConfigureAwait(false);
            if (welcome.IsExpired)
            {
                session.End(SessionEndReason.EndedByStore);
                return null;
            }

            if (!session.TryResume(welcome.Timeout, sentAt))
            {
                // Too late by our clock; the ensemble just kept it alive for another time-out.
                await ZooKeeperHandshake.CloseAsync(stream, attempt.Token).ConfigureAwait(false);
                return null;
            }

            Log.SessionResumed(_core.Logger, session.ToString(), endpoint.ToString());
            return await ServeAsync(stream, endpoint, session, isNew: false, isReadOnly: false).ConfigureAwait(false);
        }
    }

    private async Task<Exception> BeginAsync(ZooKeeperEndpoint endpoint, bool allowReadOnly)
    {
        using ZooKeeperAttempt attempt = new(_core, _core.Options.SessionTimeout, _stop.Token);
        Stream stream = await _core.Dialer.ConnectAsync(endpoint, attempt.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            long sentAt = _core.Time.GetTimestamp();

            // With the last transaction number, a wiped ensemble would refuse for ever. Without it nothing older is read all the same: making a session
            // is a transaction itself, and a sync follows. A server without quorum can do neither; it must be as far as what was seen.
            ZooKeeperWelcome welcome = await ZooKeeperHandshake.New(allowReadOnly ? _core.Progress.Zxid : 0, _core.Options.SessionTimeout, allowReadOnly)
                .ExchangeAsync(stream, attempt.Token).ConfigureAwait(false);
            if (welcome.IsExpired)
            {
                return new ZooKeeperException(ZooKeeperError.ConnectionLoss, $"{endpoint} refused to begin a session.");
            }

            if (Session is { State: not SessionState.Lost } && !welcome.IsReadOnly)
            {
                // A read-only server was asked for and has a quorum again: the session we have can be taken up.
                await ZooKeeperHandshake.CloseAsync(stream, attempt.Token).ConfigureAwait(false);
                return new ZooKeeperException(ZooKeeperError.ConnectionLoss, $"{endpoint} is not read-only any more.");
            }

            ZooKeeperClientSession session = new(welcome, sentAt, OnLost, _core.Time);
            if (!welcome.IsReadOnly)
            {
                Enter(session);
                Log.SessionBegun(_core.Logger, session.ToString(), endpoint.ToString(), welcome.Timeout.TotalMilliseconds, _core.Options.SessionTimeout.TotalMilliseconds);
            }

            return await ServeAsync(stream, endpoint, session, isNew: true, welcome.IsReadOnly).ConfigureAwait(false);
        }
    }

    private void Enter(ZooKeeperClientSession session)
    {
        if (Session is not null)
        {
            _resync = ZooKeeperResyncReason.NewSession;
        }

        Volatile.Write(ref _session, session);
    }

    private void OnLost(ZooKeeperClientSession lost)
    {
        if (lost.EndReason != SessionEndReason.Closed)
        {
            Log.SessionOver(_core.Logger, lost.ToString(), lost.EndReason);
        }

        _burial.Order(lost);
        _core.Outbox.FailWaiting(request => request.Session == lost ? ZooKeeperFailures.SessionOver(request) : null);
    }

    private async Task<Exception> ServeAsync(Stream stream, ZooKeeperEndpoint endpoint, ZooKeeperClientSession session, bool isNew, bool isReadOnly)
    {
        ZooKeeperService service = new(_core, _core.Connect(stream, session), session, isReadOnly);
        try
        {
            ZooKeeperResyncReason found = await service.PrepareAsync(isNew, _stop.Token).ConfigureAwait(false);
            _resync = found > _resync ? found : _resync;
            service.Open(_resync);
            _resync = ZooKeeperResyncReason.Reconnected;
            Server = endpoint.ToString();
            Exception reason = await service.RunAsync(isReadOnly ? new ZooKeeperWritableSearch(_core, _rounds.Known, endpoint) : null, _stop.Token).ConfigureAwait(false);
            if (!_stop.IsCancellationRequested)
            {
                Log.ConnectionLost(_core.Logger, endpoint.ToString(), reason.Message);
            }

            return reason;
        }
        finally
        {
            Server = null;
            await service.CloseAsync(_stop.IsCancellationRequested).ConfigureAwait(false);
        }
    }

    private async Task TryReadOnlyAsync()
    {
        foreach (ZooKeeperEndpoint endpoint in _rounds.Known)
        {
            if (await ZooKeeperWritableSearch.AskAsync(_core, endpoint, _stop.Token).ConfigureAwait(false) == "ro")
            {
                _core.Outbox.LastFailure = await ProtectAsync(endpoint, () => BeginAsync(endpoint, allowReadOnly: true)).ConfigureAwait(false);
                return;
            }
        }
    }

    private void End(ZooKeeperException refused)
    {
        Log.AuthFailed(_core.Logger);
        _core.State.Move(ZooKeeperState.AuthFailed);
        _core.Outbox.End(refused);
        _core.Watches.End(refused);
        Session?.End(SessionEndReason.Closed);
    }

    // With a session at stake the search goes on quickly; without one, politely.
    private TimeSpan LongestPause() => Session is { State: not SessionState.Lost } session
        ? TimeSpan.FromSeconds(Math.Min(session.Timeout.TotalSeconds / 8, Math.Max(1, 0.75 * _core.Servers.Count)))
        : TimeSpan.FromSeconds(5);
}
