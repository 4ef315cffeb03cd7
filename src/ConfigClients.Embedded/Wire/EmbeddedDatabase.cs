using Microsoft.Extensions.Logging;

namespace ConfigClients.Embedded.Wire;

/// <summary>One database, in a file or in private memory: one writing connection behind a gate, and reading connections beside it.</summary>
/// <remarks>
/// <para>
/// Reads complete on the caller's thread, in microseconds. So do writes when nobody else writes, although a commit waits for the disk:
/// a hop to another thread would block that one instead. Waiting for the gate or for another process's write lock blocks no thread.
/// </para>
/// <para>Private memory has a single connection, so there a read passes the gate, too. Thread-safe.</para>
/// </remarks>
internal sealed class EmbeddedDatabase : IAsyncDisposable
{
    private readonly string? _path;
    private readonly EmbeddedStoreOptions _options;
    private readonly EmbeddedClock _clock;
    private readonly ILogger _logger;
    private readonly Lock _opening = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly EmbeddedReaderPool _readers;
    private EmbeddedWriter? _writer;
    private EmbeddedReader? _memoryReader;

    /// <param name="path">The full path, or null for private memory.</param>
    /// <param name="options">The options, checked.</param>
    /// <param name="clock">The store's side of every deadline.</param>
    /// <param name="logger">For what no caller hears of.</param>
    public EmbeddedDatabase(string? path, EmbeddedStoreOptions options, EmbeddedClock clock, ILogger logger)
    {
        _path = path;
        _options = options;
        _clock = clock;
        _logger = logger;
        _readers = new EmbeddedReaderPool(OpenReader);
        Pulse = new EmbeddedPulse(this, clock, options.PollInterval, logger);
    }

    /// <summary>Says when there may be something new.</summary>
    public EmbeddedPulse Pulse { get; }

    /// <summary>Reads something, on this thread.</summary>
    public T Read<TState, T>(Func<EmbeddedReader, TState, T> act, TState state)
    {
        ThrowIfClosed();
        _ = Opened();
        if (_path is null)
        {
            _gate.Wait();
            try
            {
                ThrowIfClosed();
                return act(_memoryReader!, state);
            }
            finally
            {
                _gate.Release();
            }
        }

        EmbeddedReader reader = _readers.Rent();
        try
        {
            return act(reader, state);
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <summary>Carries out one write transaction. An exception of <paramref name="act"/> takes all of it back.</summary>
    public ValueTask<T> WriteAsync<TState, T>(Func<EmbeddedWriter, TState, T> act, TState state, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        EmbeddedWriter writer = Opened();
        ThrowIfGone();
        if (_gate.Wait(0, CancellationToken.None))
        {
            try
            {
                ThrowIfClosed();
                if (writer.TryBegin())
                {
                    return new ValueTask<T>(Complete(writer, act, state));
                }
            }
            finally
            {
                _gate.Release();
            }
        }

        return WaitAndWriteAsync(writer, act, state, cancellationToken);
    }

    /// <summary>A connection of its own for polling: the change counter means something only on one and the same connection.</summary>
    /// <returns>The reader, which the caller disposes; null for private memory, where nobody else writes.</returns>
    public EmbeddedReader? OpenPoller()
    {
        ThrowIfClosed();
        _ = Opened();
        return _path is null ? null : OpenReader();
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await Pulse.DisposeAsync().ConfigureAwait(false);
        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _readers.Dispose();

            // Whoever is opening now finishes first; whoever comes later finds the store closed.
            lock (_opening)
            {
                _writer?.Dispose();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<T> WaitAndWriteAsync<TState, T>(
        EmbeddedWriter writer, Func<EmbeddedWriter, TState, T> act, TState state, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        deadline.CancelAfter(_options.RequestTimeout);
        try
        {
            await _gate.WaitAsync(deadline.Token).ConfigureAwait(false);
            try
            {
                ThrowIfClosed();
                for (int longest = 1; !writer.TryBegin(); longest = Math.Min(2 * longest, 16))
                {
                    // Another process is writing; it takes as long as a disk takes.
                    await Task.Delay(Random.Shared.Next(1, longest + 1), deadline.Token).ConfigureAwait(false);
                }

                return Complete(writer, act, state);
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            ThrowIfClosed();
            cancellationToken.ThrowIfCancellationRequested();
            throw new StoreException(
                StoreError.Unavailable, $"Others were writing for {_options.RequestTimeout.TotalSeconds} s; nothing was written.", innerException: e);
        }
    }

    private T Complete<TState, T>(EmbeddedWriter writer, Func<EmbeddedWriter, TState, T> act, TState state)
    {
        try
        {
            T result = act(writer, state);
            writer.Commit();
            Pulse.Signal();
            return result;
        }
        catch
        {
            writer.RollBack();
            throw;
        }
    }

    private EmbeddedReader OpenReader() => new(EmbeddedConnection.Open(_path, _options.Durability, _options.RequestTimeout), _clock);

    private EmbeddedWriter Opened() => Volatile.Read(ref _writer) ?? Open();

    private EmbeddedWriter Open()
    {
        lock (_opening)
        {
            ThrowIfClosed();
            if (_writer is { } opened)
            {
                return opened;
            }

            if (_path is not null)
            {
                EmbeddedFile.Prepare(_path);
            }

            EmbeddedConnection connection = EmbeddedConnection.Open(_path, _options.Durability, _options.RequestTimeout);
            try
            {
                EmbeddedSchema.Prepare(connection, isMemory: _path is null);
                EmbeddedWriter writer = new(connection, _clock);
                EndSessionsOfEarlierBoots(writer);
                connection.WaitForLocks(TimeSpan.Zero);
                _memoryReader = _path is null ? new EmbeddedReader(connection, _clock) : null;
                Volatile.Write(ref _writer, writer);
                Log.Opened(_logger, _path ?? "private memory");
                return writer;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    private void EndSessionsOfEarlierBoots(EmbeddedWriter writer)
    {
        if (!writer.TryBegin())
        {
            throw new StoreException(StoreError.Unavailable, $"Others were writing for {_options.RequestTimeout.TotalSeconds} s; the store was not opened.");
        }

        int ended = Complete(writer, static (w, _) => w.EndSessionsOfEarlierBoots(), 0);
        if (ended > 0)
        {
            Log.SessionsOfEarlierBootEnded(_logger, ended);
        }
    }

    /// <summary>A deleted file takes writes as if nothing had happened, and they are gone with the process.</summary>
    private void ThrowIfGone()
    {
        if (_path is not null && !File.Exists(_path))
        {
            throw new StoreException(StoreError.Corrupt, "The store's file was deleted or moved while it was open; nothing was written. Open the store again.");
        }
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(IConfigStore));
}
