using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <summary>A client of a ZooKeeper ensemble: one connection, one session at a time. Thread-safe; make one and share it.</summary>
/// <remarks>
/// <para>
/// Connects at the first call, and again by itself for as long as it lives. Calls wait for a connection, up to
/// <see cref="ZooKeeperClientOptions.RequestTimeout"/>. Requests are sent in the order of the calls and answered in that order. A write whose
/// answer got lost is not sent again: the exception says that it may have been applied.
/// </para>
/// <para>
/// A call can be cancelled at any time without harm to other calls. A cancelled write may have been applied, unless it was still waiting
/// for a connection. The value task of a call must be awaited once.
/// </para>
/// </remarks>
public sealed partial class ZooKeeperClient : IAsyncDisposable
{
    private readonly ZooKeeperCore _core;
    private readonly ZooKeeperSessionLoop _loop;
    private int _started;
    private int _disposed;

    /// <summary>Makes a client. Nothing is sent before the first call.</summary>
    /// <param name="options">How to reach the ensemble; copied.</param>
    /// <exception cref="ArgumentException">The options have faults; the message lists all of them.</exception>
    public ZooKeeperClient(ZooKeeperClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ZooKeeperClientOptions copy = options.Copy();
        ZooKeeperOptionsCheck.Check(copy);
        _core = new ZooKeeperCore(copy);
        _loop = new ZooKeeperSessionLoop(_core);
    }

    /// <summary>Called with each new state, in order, on the pool. Must not throw; a slow listener delays only later calls to listeners.</summary>
    public event Action<ZooKeeperState>? StateChanged
    {
        add => _core.State.Changed += value;
        remove => _core.State.Changed -= value;
    }

    /// <summary>How the client stands to the ensemble.</summary>
    public ZooKeeperState State => _core.State.Current;

    /// <summary>The session in use, or the last one; null before the first.</summary>
    public ZooKeeperClientSession? Session => _loop.Session;

    /// <summary>The server in use; null without a connection.</summary>
    public string? Server => _loop.Server;

    /// <summary>The highest transaction number in any answer so far. Rises, unless the ensemble was wiped or restored.</summary>
    public long LastZxid => _core.Progress.Zxid;

    /// <summary>Waits until a server is there.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ZooKeeperException">No server took the client in time, or none ever will.</exception>
    public ValueTask<ZooKeeperClientSession> ConnectAsync(CancellationToken cancellationToken = default) => SubmitAsync(new ZooKeeperReadyRequest(), cancellationToken);

    /// <summary>Shows a credential to the server in use and to all later ones.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="cancellationToken">Stops waiting; the credential stays.</param>
    /// <returns>When the server has taken it, which does not mean that it is right.</returns>
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.AuthFailed"/>: the server refused it, and the client ends with that.</exception>
    /// <exception cref="InvalidOperationException">It would travel in clear to another machine.</exception>
    public async ValueTask AddCredentialAsync(ZooKeeperCredential credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (ZooKeeperOptionsCheck.InsecureFault(_core.Options) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }

        if (_core.Credentials.Add(credential) is { } connection)
        {
            try
            {
                await connection.SubmitAsync(ZooKeeperControlRequest.Auth(credential)).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.ConnectionLoss)
            {
                // The next connection shows it.
            }
        }

        await ConnectAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Watches a node, or a node and all below it, until the subscription is disposed of. Events wait to be read.</summary>
    /// <param name="path">The node; it need not exist.</param>
    /// <param name="mode">What to cover.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When the server watches: whatever changes afterwards is told. Read afterwards, and nothing is missed.</returns>
    /// <exception cref="ZooKeeperException">The server is too old (before 3.6), or could not be asked.</exception>
    public ValueTask<ZooKeeperSubscription> SubscribeAsync(string path, ZooKeeperWatchMode mode, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        Start();
        return _core.Watches.SubscribeAsync(path, mode, observer: null, cancellationToken);
    }

    /// <summary>Watches a node, or a node and all below it; events go to an observer at once.</summary>
    /// <param name="path">The node; it need not exist.</param>
    /// <param name="mode">What to cover.</param>
    /// <param name="observer">
    /// Called on the thread that reads answers, before any later answer is handed to its caller: whoever reads a newer state has been told of the change.
    /// Must return at once and wait for nothing; it may be called before this method returns.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When the server watches.</returns>
    /// <exception cref="ZooKeeperException">The server is too old (before 3.6), or could not be asked.</exception>
    public ValueTask<ZooKeeperSubscription> SubscribeAsync(
        string path, ZooKeeperWatchMode mode, Action<ZooKeeperEvent> observer, CancellationToken cancellationToken = default)
    {
        ZooKeeperPaths.Check(path);
        ArgumentNullException.ThrowIfNull(observer);
        Start();
        return _core.Watches.SubscribeAsync(path, mode, observer, cancellationToken);
    }

    /// <summary>
    /// Ends the session, whose ephemeral nodes go with it, and the connection. Calls that were sent are answered first, others fail.
    /// Waits a moment for the server, and no longer.
    /// </summary>
    /// <returns>When nothing of the client runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        ZooKeeperException closed = new(ZooKeeperError.Closed, "The client was disposed of.");
        _core.Outbox.End(closed);
        await _loop.StopAsync().ConfigureAwait(false);
        _core.Watches.End(closed);
        _loop.Dispose();
        _core.Dispose();
    }

    /// <summary>Called before the first request under another session than before; says whether the ensemble's history went back. Must return at once.</summary>
    internal Action<bool>? OnRenewed
    {
        set => _core.OnRenewed = value;
    }

    internal ValueTask<T> SubmitAsync<T>(ZooKeeperRequestOf<T> request, CancellationToken cancellationToken)
    {
        if (request.Session is { State: SessionState.Lost })
        {
            return ValueTask.FromException<T>(ZooKeeperFailures.SessionOver(request));
        }

        Start();
        return _core.Outbox.SubmitAsync(request, cancellationToken);
    }

    private void Start()
    {
        if (Volatile.Read(ref _started) == 0 && Volatile.Read(ref _disposed) == 0 && Interlocked.Exchange(ref _started, 1) == 0)
        {
            _loop.Start();
        }
    }
}
