using System.Net.Sockets;
using System.Text;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Backends.Tests.Faults;

/// <summary>One connection through a proxy.</summary>
internal sealed class ProxyClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _tcp;

    private ProxyClient(TcpClient tcp) => _tcp = tcp;

    public static async Task<ProxyClient> ConnectAsync(FaultProxy proxy)
    {
        TcpClient tcp = new() { NoDelay = true };
        try
        {
            await tcp.ConnectAsync("127.0.0.1", proxy.Port, TestContext.Current.CancellationToken);
            return new(tcp);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    public Task SendAsync(string text) =>
        _tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    /// <summary>So many bytes, or fewer when the connection ends in order; an IOException when it is reset.</summary>
    public async Task<string> ReadAsync(int bytes)
    {
        byte[] buffer = new byte[bytes];
        int count = await _tcp.GetStream()
            .ReadAtLeastAsync(buffer, bytes, throwOnEndOfStream: false, TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(Patience);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    public async Task<string> EchoAsync(string text)
    {
        await SendAsync(text);
        return await ReadAsync(text.Length);
    }

    /// <summary>Whether nothing at all arrives for a moment.</summary>
    public async Task<bool> IsSilentAsync()
    {
        using CancellationTokenSource moment = new(TimeSpan.FromMilliseconds(200));
        try
        {
            await _tcp.Client.ReceiveAsync(new byte[1], SocketFlags.Peek, moment.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public void Dispose() => _tcp.Dispose();
}
