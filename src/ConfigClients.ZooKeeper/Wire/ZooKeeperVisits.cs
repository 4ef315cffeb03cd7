namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What happens at one server: the session is taken there, or begun, and served for as long as the server does. One visit at a time.</summary>
internal sealed class ZooKeeperVisits(ZooKeeperCore core, CancellationToken stop)
{
    private readonly ZooKeeperBurial _burial = new(core);
    private ZooKeeperClientSession? _session;
    private ZooKeeperResyncReason _resync;
    private bool _parted;

    /// <summary>The session in use, or the last one; null before the first.</summary>
    public ZooKeeperClientSession? Session => Volatile.Read(ref _session);

    /// <summary>The server in use, or null.</summary>
    public string? Server { get; private set; }

    /// <summary>Tries one address, and stays as long as it serves.</summary>
    /// <param name="endpoint">The address.</param>
    /// <param name="known">All addresses.</param>
    /// <returns>Why it does not, or no longer.</returns>
    public async Task<Exception> VisitAsync(ZooKeeperEndpoint endpoint, IReadOnlyList<ZooKeeperEndpoint> known)
    {
        await _burial.TryAsync(endpoint, stop).ConfigureAwait(false);
        if (Session is { State: not SessionState.Lost } session && await ResumeAsync(endpoint, known, session).ConfigureAwait(false) is { } ended)
        {
            return ended;
        }

        // One that has seen nothing yet may begin with whatever it finds.
        return await BeginAsync(endpoint, known, core.Options.AllowReadOnly && core.Progress.Zxid == 0).ConfigureAwait(false);
    }

    /// <summary>Tries one address that said it is read-only. The session we have stays ours, and waits.</summary>
    /// <inheritdoc cref="VisitAsync"/>
    public Task<Exception> VisitReadOnlyAsync(ZooKeeperEndpoint endpoint, IReadOnlyList<ZooKeeperEndpoint> known) => BeginAsync(endpoint, known, allowReadOnly: true);

    /// <summary>
    /// The client has stopped. If it was between two servers, the session is closed at the first that can be reached, so that its nodes need not wait for
    /// the ensemble to notice: for a moment, and no longer.
    /// </summary>
    /// <param name="known">All addresses.</param>
    public async Task PartAsync(IReadOnlyList<ZooKeeperEndpoint> known)
    {
        if (_parted || Session is not { State: not SessionState.Lost } session)
        {
            return;
        }

        using CancellationTokenSource enough = new(ZooKeeperCore.Farewell, core.Time);
        try
        {
            foreach (ZooKeeperEndpoint endpoint in known)
            {
                if (await _burial.EndAsync(session, endpoint, enough.Token).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The ensemble notices when its time-out has passed.
        }
    }

    /// <returns>Why the connection ended; null if the session is over, so that a new one can begin.</returns>
    private async Task<Exception?> ResumeAsync(ZooKeeperEndpoint endpoint, IReadOnlyList<ZooKeeperEndpoint> known, ZooKeeperClientSession session)
    {
        using ZooKeeperAttempt attempt = new(core, session.Timeout, stop);
        Stream stream = await core.Dialer.ConnectAsync(endpoint, attempt.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            long sentAt = core.Time.GetTimestamp();
            ZooKeeperWelcome welcome = await ZooKeeperHandshake.Resume(core.Progress.Zxid, core.Options.SessionTimeout, session)
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

            Log.SessionResumed(core.Logger, session.ToString(), endpoint.ToString());
            return await ServeAsync(stream, endpoint, known, session, isNew: false, isReadOnly: false).ConfigureAwait(false);
        }
    }

    private async Task<Exception> BeginAsync(ZooKeeperEndpoint endpoint, IReadOnlyList<ZooKeeperEndpoint> known, bool allowReadOnly)
    {
        using ZooKeeperAttempt attempt = new(core, core.Options.SessionTimeout, stop);
        Stream stream = await core.Dialer.ConnectAsync(endpoint, attempt.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            long sentAt = core.Time.GetTimestamp();

            // With the last transaction number, a wiped ensemble would refuse for ever. Without it nothing older is read all the same: making a session
            // is a transaction itself, and a sync follows. A server without quorum can do neither; it must be as far as what was seen.
            ZooKeeperWelcome welcome = await ZooKeeperHandshake.New(allowReadOnly ? core.Progress.Zxid : 0, core.Options.SessionTimeout, allowReadOnly)
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

            ZooKeeperClientSession session = new(welcome, sentAt, OnLost, core.Time);
            if (!welcome.IsReadOnly)
            {
                Enter(session);
                Log.SessionBegun(core.Logger, session.ToString(), endpoint.ToString(), welcome.Timeout.TotalMilliseconds, core.Options.SessionTimeout.TotalMilliseconds);
            }

            return await ServeAsync(stream, endpoint, known, session, isNew: true, welcome.IsReadOnly).ConfigureAwait(false);
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
            Log.SessionOver(core.Logger, lost.ToString(), lost.EndReason);
        }

        _burial.Order(lost);
        core.Outbox.FailWaiting(request => request.Session == lost ? ZooKeeperFailures.SessionOver(request) : null);
    }

    private async Task<Exception> ServeAsync(
        Stream stream, ZooKeeperEndpoint endpoint, IReadOnlyList<ZooKeeperEndpoint> known, ZooKeeperClientSession session, bool isNew, bool isReadOnly)
    {
        ZooKeeperService service = new(core, core.Connect(stream, session), session, isReadOnly);
        try
        {
            ZooKeeperResyncReason found = await service.PrepareAsync(isNew, stop).ConfigureAwait(false);
            _resync = found > _resync ? found : _resync;
            service.Open(_resync);
            _resync = ZooKeeperResyncReason.Reconnected;
            Server = endpoint.ToString();
            Exception reason = await service.RunAsync(isReadOnly ? new ZooKeeperWritableSearch(core, known, endpoint) : null, stop).ConfigureAwait(false);
            if (!stop.IsCancellationRequested)
            {
                Log.ConnectionLost(core.Logger, endpoint.ToString(), reason.Message);
            }

            return reason;
        }
        finally
        {
            Server = null;
            _parted |= stop.IsCancellationRequested;
            await service.CloseAsync(stop.IsCancellationRequested).ConfigureAwait(false);
        }
    }
}
