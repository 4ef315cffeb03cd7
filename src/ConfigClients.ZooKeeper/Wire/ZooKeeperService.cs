namespace ConfigClients.ZooKeeper.Wire;

/// <summary>One connection in the client's service: prepares it, lets callers through, and ends it in good order.</summary>
internal sealed class ZooKeeperService(ZooKeeperCore core, ZooKeeperConnection connection, ZooKeeperClientSession session, bool isReadOnly)
{
    private bool _isOpen;

    /// <summary>Shows credentials and arms watches, before any caller's request is sent.</summary>
    /// <param name="isNew">Whether the session is new.</param>
    /// <param name="stop">The client stops.</param>
    /// <returns><see cref="ZooKeeperResyncReason.StoreReset"/> if the history went back; else none.</returns>
    public async Task<ZooKeeperResyncReason> PrepareAsync(bool isNew, CancellationToken stop)
    {
        connection.Start();
        Task<ZooKeeperResyncReason> armed = ArmAsync(isNew);
        try
        {
            return await armed.WaitAsync(session.Timeout / 3, core.Time, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ZooKeeperException or TimeoutException)
        {
            // Why the connection broke says more than what broke with it.
            connection.Abort(e);
            await ((Task)armed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw await connection.Ended.ConfigureAwait(false) is ZooKeeperException { Error: ZooKeeperError.AuthFailed } refused
                ? refused
                : new ZooKeeperException(ZooKeeperError.ConnectionLoss, $"A new connection could not be prepared: {e.Message}", innerException: e);
        }
    }

    /// <summary>Tells watches what they missed, and lets callers' requests through; what the former read again is newer than what they missed.</summary>
    /// <param name="missed">Why events may have been missed.</param>
    public void Open(ZooKeeperResyncReason missed)
    {
        if (missed != ZooKeeperResyncReason.None)
        {
            core.Watches.Announce(ZooKeeperEventKind.Resync, missed);
        }

        _isOpen = true;
        connection.Pipeline.Open(isReadOnly);
        core.State.Move(isReadOnly ? ZooKeeperState.ConnectedReadOnly : ZooKeeperState.Connected);
        core.Outbox.Attach(connection);
    }

    /// <summary>Waits until the connection, the session or the client ends.</summary>
    /// <param name="search">For a read-only server: finds one that takes writes.</param>
    /// <param name="stop">The client stops.</param>
    /// <returns>Why.</returns>
    public async Task<Exception> RunAsync(ZooKeeperWritableSearch? search, CancellationToken stop)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(session.Lost, stop);
        Task found = search?.RunAsync(over.Token) ?? Task.Delay(Timeout.Infinite, over.Token);
        Task first = await Task.WhenAny(connection.Ended, found).ConfigureAwait(false);
        if (first == connection.Ended)
        {
            await over.CancelAsync().ConfigureAwait(false);
            return await connection.Ended.ConfigureAwait(false);
        }

        return new ZooKeeperException(
            ZooKeeperError.ConnectionLoss, session.State == SessionState.Lost ? "The session is over by this client's clock." : "Another server takes writes.");
    }

    /// <summary>Ends the connection; the session, too, if the client stops or our clock has given it up while the connection still stands.</summary>
    public async Task CloseAsync(bool stops)
    {
        Task answered = Task.CompletedTask;
        if ((stops || session.State == SessionState.Lost || isReadOnly) && !connection.Ended.IsCompleted)
        {
            TimeSpan patience = session.Timeout / 3 < ZooKeeperCore.Farewell ? session.Timeout / 3 : ZooKeeperCore.Farewell;
            answered = connection.SubmitAsync(ZooKeeperControlRequest.Close()).AsTask();
            await answered.WaitAsync(patience, core.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (stops)
        {
            connection.Abort(new ZooKeeperException(ZooKeeperError.Closed, "The client was disposed of."));
        }

        connection.Dispose();
        await answered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.Ended.ConfigureAwait(false);
        if (_isOpen && !stops)
        {
            core.State.Move(ZooKeeperState.Connecting);
            core.Watches.Announce(ZooKeeperEventKind.Disconnected);
        }

        if (isReadOnly)
        {
            session.End(SessionEndReason.Closed);
            session.Forget();
        }
    }

    private async Task<ZooKeeperResyncReason> ArmAsync(bool isNew)
    {
        await core.Credentials.ShowAsync(connection).ConfigureAwait(false);
        long seen = core.Progress.Zxid;
        ZooKeeperResyncReason reason = ZooKeeperResyncReason.None;
        if (isNew && seen > 0 && !isReadOnly)
        {
            // Behind a sync the server is as far as the leader. If that is behind what was seen, the history went back.
            long now = await connection.SubmitAsync(ZooKeeperControlRequest.Sync(core.Options.Chroot)).ConfigureAwait(false);
            if (now < seen)
            {
                core.Progress.Reset(now);
                Log.StoreReset(core.Logger, seen, now);
                reason = ZooKeeperResyncReason.StoreReset;
            }

            core.OnRenewed?.Invoke(now < seen);
        }

        foreach (ZooKeeperWatchChunk chunk in ZooKeeperWatchChunk.Split(core.Watches.Armed(), core.Options.Chroot))
        {
            await connection.SubmitAsync(ZooKeeperControlRequest.SetWatches(core.Progress.Zxid, chunk, core.Options.Chroot)).ConfigureAwait(false);
        }

        return reason;
    }
}
