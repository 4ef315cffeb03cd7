using System.Diagnostics;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Backends.Tests.Faults;

public sealed class FaultProxyLaneTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private readonly FaultProxy _proxy;

    public FaultProxyLaneTests() => _proxy = FaultProxy.Start(_server.Endpoint);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Each_direction_has_a_delay_of_its_own()
    {
        _proxy.ToServer.Delay = TimeSpan.FromMilliseconds(50);
        _proxy.ToClient.Delay = TimeSpan.FromMilliseconds(100);
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);

        long started = Stopwatch.GetTimestamp();
        await client.EchoAsync("a");
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);

        Assert.InRange(elapsed.TotalMilliseconds, 145, 2000);
    }

    [Fact]
    public async Task A_delay_does_not_limit_the_throughput()
    {
        _proxy.ToClient.Delay = TimeSpan.FromMilliseconds(100);
        string text = new('x', 400_000);
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);

        long started = Stopwatch.GetTimestamp();
        Task sending = client.SendAsync(text);
        await client.ReadAsync(text.Length);
        await sending;

        // Some 25 chunks: one after the other they would need 2.5 s.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 95, 1500);
    }

    [Fact]
    public async Task A_byte_rate_makes_a_slow_connection()
    {
        _proxy.ToClient.BytesPerSecond = 1000;
        string text = new('x', 300);
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);

        long started = Stopwatch.GetTimestamp();
        string echo = await client.EchoAsync(text);

        Assert.Equal(text, echo);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 280, 3000);
    }

    [Fact]
    public async Task What_was_held_arrives_on_release()
    {
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);
        _proxy.ToClient.Hold();
        await client.SendAsync("abc");
        bool silent = await client.IsSilentAsync();

        _proxy.ToClient.Release();

        Assert.True(silent);
        Assert.Equal("abc", await client.ReadAsync(3));
    }

    [Fact]
    public async Task An_orderly_cut_lets_exactly_so_many_bytes_through()
    {
        _proxy.ToClient.CutAfter(5, CutKind.Close);
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);

        await client.SendAsync("0123456789");

        Assert.Equal("01234", await client.ReadAsync(10));
        Assert.Equal(5, _proxy.ToClient.Bytes);
    }

    [Fact]
    public async Task A_cut_by_reset_shows_as_an_error()
    {
        _proxy.ToServer.CutAfter(5, CutKind.Reset);
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);

        await client.SendAsync("0123456789");

        await Assert.ThrowsAsync<IOException>(() => client.ReadAsync(10));
        Assert.Equal(5, _proxy.ToServer.Bytes);
    }

    [Fact]
    public async Task A_cut_happens_once_and_counts_over_connections()
    {
        _proxy.ToClient.CutAfter(4, CutKind.Close);
        using ProxyClient first = await ProxyClient.ConnectAsync(_proxy);
        using ProxyClient second = await ProxyClient.ConnectAsync(_proxy);

        Assert.Equal("abc", await first.EchoAsync("abc"));
        Assert.Equal("d", await second.EchoAsync("def"));
        Assert.Equal("ghi", await first.EchoAsync("ghi"));
    }
}
