using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ConfigClients.Conformance.Faults;

/// <summary>Moves bytes in one direction of one connection, with the faults of its lane.</summary>
/// <remarks>Reading and writing are two loops with a queue between, so that a delay does not lower the throughput.</remarks>
internal sealed class ProxyPump(ProxyConnection connection, ProxyLane lane, Socket from, Socket to, ByteInspection mayPass)
{
    private const int ChunkBytes = 16 * 1024;
    private const int QueuedChunks = 64;
    private const int SlicesPerSecond = 20;

    private readonly Channel<(long ReadAt, byte[] Bytes)> _queue =
        Channel.CreateBounded<(long, byte[])>(new BoundedChannelOptions(QueuedChunks) { SingleReader = true, SingleWriter = true });

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Task reading = ReadAsync(cancellationToken);
        Task writing = WriteAsync(cancellationToken);

        // A broken connection is passed on as one, at once; except into a black hole, where nothing is passed on.
        Task first = await Task.WhenAny(reading, writing);
        if (!first.IsCompletedSuccessfully && !connection.Swallowing)
        {
            connection.Reset();
        }

        await Task.WhenAll(reading, writing);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkBytes];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, SocketFlags.None, cancellationToken)) > 0)
            {
                if (!connection.Swallowing)
                {
                    await _queue.Writer.WriteAsync((Stopwatch.GetTimestamp(), buffer[..count]), cancellationToken);
                }
            }

            _queue.Writer.Complete();
        }
        catch (Exception e)
        {
            // The writer fails too: ending in order would send FIN where the peer must see RST.
            _queue.Writer.Complete(e);
            throw;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach ((long readAt, byte[] bytes) in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            await DelayAsync(readAt, cancellationToken);
            await lane.WhenOpenAsync(cancellationToken);
            if (!connection.Swallowing)
            {
                await HandOnAsync(bytes, cancellationToken);
            }
        }

        if (!connection.Swallowing)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task DelayAsync(long readAt, CancellationToken cancellationToken)
    {
        TimeSpan left = lane.Delay - Stopwatch.GetElapsedTime(readAt);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, cancellationToken);
        }
    }

    private async Task HandOnAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        if (!mayPass(bytes))
        {
            connection.Cut(CutKind.Reset);
            return;
        }

        (int allowed, CutKind? cut) = lane.Take(bytes.Length);
        await SendAsync(bytes.AsMemory(0, allowed), cancellationToken);
        if (cut is CutKind kind)
        {
            connection.Cut(kind);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            int rate = lane.BytesPerSecond;
            int size = rate == 0 ? bytes.Length : Math.Clamp(rate / SlicesPerSecond, 1, bytes.Length);
            if (rate > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)size / rate), cancellationToken);
            }

            int sent = await to.SendAsync(bytes[..size], SocketFlags.None, cancellationToken);
            lane.Count(sent);
            bytes = bytes[sent..];
        }
    }
}
