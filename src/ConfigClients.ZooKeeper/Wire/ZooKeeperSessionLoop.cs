using System.Net;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Keeps the client connected: goes from server to server, takes the session along, and begins a new one when it is over.</summary>
internal sealed class ZooKeeperSessionLoop : IDisposable
{
    // A connection that held so long was no accident: the next search starts afresh.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(5);

    private readonly ZooKeeperCore _core;
    private readonly ZooKeeperServerRounds _rounds;
    private readonly ZooKeeperVisits _visits;
    private readonly CancellationTokenSource _stop = new();
    private Task? _run;

    public ZooKeeperSessionLoop(ZooKeeperCore core)
    {
        _core = core;
        _rounds = new ZooKeeperServerRounds(
            core.Servers, static (host, token) => Dns.GetHostAddressesAsync(host, token), core.Options.ConnectTimeout, LongestPause, core.Time, Random.Shared)
        {
            OnFailure = failure => core.Outbox.LastFailure = failure,
        };
        _visits = new ZooKeeperVisits(core, _stop.Token);
    }

    /// <summary>The session in use, or the last one; null before the first.</summary>
    public ZooKeeperClientSession? Session => _visits.Session;

    /// <summary>The server in use, or null.</summary>
    public string? Server => _visits.Server;

    /// <summary>Starts to connect. Call once.</summary>
    public void Start() => _run = Task.Run(RunAsync);

    /// <summary>Ends the session and the connection, as far as that takes no longer than a moment.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_run is not null)
        {
            await _run.ConfigureAwait(false);
            await _visits.PartAsync(_rounds.Known).ConfigureAwait(false);
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
                Exception failure = await ProtectAsync(endpoint, _visits.VisitAsync).ConfigureAwait(false);
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
#pragma warning disable CA1031 // The client stops; what breaks while it does is of no interest.
            catch (Exception) when (_stop.IsCancellationRequested)
#pragma warning restore CA1031
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

    /// <summary>Visits one address, whatever happens there.</summary>
    /// <returns>Why it does not serve, or no longer.</returns>
    private async Task<Exception> ProtectAsync(ZooKeeperEndpoint endpoint, Func<ZooKeeperEndpoint, IReadOnlyList<ZooKeeperEndpoint>, Task<Exception>> visit)
    {
        long start = _core.Time.GetTimestamp();
        try
        {
            return await visit(endpoint, _rounds.Known).ConfigureAwait(false);
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

    private async Task TryReadOnlyAsync()
    {
        foreach (ZooKeeperEndpoint endpoint in _rounds.Known)
        {
            if (await ZooKeeperWritableSearch.AskAsync(_core, endpoint, _stop.Token).ConfigureAwait(false) == "ro")
            {
                _core.Outbox.LastFailure = await ProtectAsync(endpoint, _visits.VisitReadOnlyAsync).ConfigureAwait(false);
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
