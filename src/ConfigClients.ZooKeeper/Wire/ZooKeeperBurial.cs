using System.Net.Sockets;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Ends a session at the ensemble that our own clock has given up, so that its ephemeral nodes need not wait for the ensemble to notice. Best effort.</summary>
internal sealed class ZooKeeperBurial(ZooKeeperCore core)
{
    private readonly Lock _gate = new();
    private ZooKeeperClientSession? _lost;
    private long _since;

    /// <summary>The session is over. Only one that the ensemble may still believe in needs this.</summary>
    public void Order(ZooKeeperClientSession lost)
    {
        if (lost.EndReason == SessionEndReason.DeadlinePassed && !lost.IsLocal)
        {
            lock (_gate)
            {
                _lost = lost;
                _since = core.Time.GetTimestamp();
            }
        }
    }

    /// <summary>Takes the session over once more, only to close it. Failures are nobody's concern: it ends by itself.</summary>
    public async Task TryAsync(ZooKeeperEndpoint endpoint, CancellationToken stop)
    {
        ZooKeeperClientSession? lost;
        lock (_gate)
        {
            if (_lost is not null && core.Time.GetElapsedTime(_since) > 2 * _lost.Timeout)
            {
                // By now the ensemble has noticed, or will not.
                Done();
            }

            lost = _lost;
        }

        if (lost is null)
        {
            return;
        }

        if (await EndAsync(lost, endpoint, stop).ConfigureAwait(false))
        {
            Done();
        }
    }

    /// <summary>Takes a session over once more, only to close it.</summary>
    /// <returns>Whether it is over at the ensemble.</returns>
    public async Task<bool> EndAsync(ZooKeeperClientSession lost, ZooKeeperEndpoint endpoint, CancellationToken stop)
    {
        using ZooKeeperAttempt attempt = new(core, lost.Timeout, stop);
        try
        {
            Stream stream = await core.Dialer.ConnectAsync(endpoint, attempt.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                ZooKeeperWelcome welcome = await ZooKeeperHandshake.Resume(core.Progress.Zxid, lost.Timeout, lost).ExchangeAsync(stream, attempt.Token).ConfigureAwait(false);
                if (!welcome.IsExpired)
                {
                    await ZooKeeperHandshake.CloseAsync(stream, attempt.Token).ConfigureAwait(false);
                }
            }

            return true;
        }
        catch (Exception e) when (e is IOException or SocketException or ZooKeeperException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            Log.SessionNotClosed(core.Logger, lost.ToString(), e.GetType().Name);
            return false;
        }
    }

    private void Done()
    {
        lock (_gate)
        {
            _lost?.Forget();
            _lost = null;
        }
    }
}
