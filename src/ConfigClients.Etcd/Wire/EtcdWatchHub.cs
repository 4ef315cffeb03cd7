using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd.Wire;

/// <summary>All watches of a store, on one stream; on another one, at another member, when it is over. Thread-safe.</summary>
/// <param name="members">Where streams go.</param>
/// <param name="credentials">What goes along.</param>
/// <param name="keys">Where keys lie.</param>
/// <param name="options">Time-outs.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For streams that end.</param>
internal sealed class EtcdWatchHub(
    EtcdMembers members, EtcdCredentials credentials, EtcdKeys keys, EtcdStoreOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How many streams may end, one after another, before a watch could begin on one of them.</summary>
    private const int MaxStreams = 4;

    private readonly SemaphoreSlim _opening = new(1, 1);
    private EtcdWatchStream? _current;
    private bool _disposed;

    /// <summary>Begins a watch.</summary>
    /// <param name="prefix">What is watched.</param>
    /// <param name="revision">The first revision to tell; 0 for whatever comes from now on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The watch, the stream that it is on, and how far the member was when it began. The server watches already.</returns>
    /// <exception cref="StoreException">It could not begin.</exception>
    public ValueTask<(EtcdSubscription Watch, EtcdWatchStream Stream, EtcdHistory Told)> JoinAsync(string prefix, long revision, CancellationToken cancellationToken)
    {
        (byte[] from, byte[] to) = keys.Below(prefix);
        return JoinAsync(from, to, revision, cancellationToken);
    }

    /// <summary>Begins a watch of a range of names, as the other one does.</summary>
    public async ValueTask<(EtcdSubscription Watch, EtcdWatchStream Stream, EtcdHistory Told)> JoinAsync(byte[] from, byte[] to, long revision, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxStreams; attempt++)
        {
            EtcdWatchStream stream = await OpenAsync(cancellationToken).ConfigureAwait(false);
            if (stream.Watches.Create(from, to, revision) is not { } watch)
            {
                continue;
            }

            try
            {
                if (await watch.Created.WaitAsync(options.RequestTimeout, time, cancellationToken).ConfigureAwait(false) is { } told)
                {
                    return (watch, stream, told);
                }
            }
            catch (TimeoutException e)
            {
                StoreException failure = new(StoreError.Unavailable, $"A watch did not begin within {options.RequestTimeout.TotalSeconds} s.", false, e);
                stream.GiveUp(failure);
                throw failure;
            }
            catch (OperationCanceledException)
            {
                stream.Watches.Part(watch);
                throw;
            }
        }

        throw new StoreException(StoreError.Unavailable, $"A watch could not begin: {MaxStreams} streams ended before it did.");
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        EtcdWatchStream? last = _current;
        _current = null;
        _opening.Release();
        if (last is not null)
        {
            await last.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<EtcdWatchStream> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is { Watches.IsClosed: false } known)
        {
            return known;
        }

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IConfigStore));
            if (_current is { Watches.IsClosed: false } open)
            {
                return open;
            }

            if (_current is { } over)
            {
                _current = null;
                await over.DisposeAsync().ConfigureAwait(false);
            }

            EtcdMember member = members.Pick();
            Metadata headers = await credentials.HeadersAsync(member, cancellationToken).ConfigureAwait(false);
            return _current = new EtcdWatchStream(member, members, credentials, headers, keys, options.MaxWatchAge, time, logger);
        }
        finally
        {
            _opening.Release();
        }
    }
}
