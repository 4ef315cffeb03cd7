using System.Collections.Concurrent;

namespace ConfigClients.Embedded.Wire;

/// <summary>Reading connections that stay open. Thread-safe.</summary>
/// <remarks>A read never waits here: reads do not block each other, and there are never more connections than threads that read at once.</remarks>
/// <param name="open">Opens one more.</param>
internal sealed class EmbeddedReaderPool(Func<EmbeddedReader> open) : IDisposable
{
    private static readonly int MaxIdle = Math.Max(4, Environment.ProcessorCount);

    private readonly ConcurrentQueue<EmbeddedReader> _idle = new();
    private EmbeddedReader? _first;
    private volatile bool _disposed;

    public EmbeddedReader Rent()
    {
        // One slot that costs one exchange: what a single reading thread needs.
        EmbeddedReader? reader = Interlocked.Exchange(ref _first, null);
        return reader ?? (_idle.TryDequeue(out reader) ? reader : open());
    }

    public void Return(EmbeddedReader reader)
    {
        if (Interlocked.CompareExchange(ref _first, reader, null) is not null)
        {
            if (_idle.Count >= MaxIdle)
            {
                reader.Dispose();
                return;
            }

            _idle.Enqueue(reader);
        }

        if (_disposed)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        Interlocked.Exchange(ref _first, null)?.Dispose();
        while (_idle.TryDequeue(out EmbeddedReader? reader))
        {
            reader.Dispose();
        }
    }
}
