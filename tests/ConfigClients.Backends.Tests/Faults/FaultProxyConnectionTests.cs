using System.Net.Sockets;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Backends.Tests.Faults;

public sealed class FaultProxyConnectionTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private readonly FaultProxy _proxy;

    public FaultProxyConnectionTests() => _proxy = FaultProxy.Start(_server.Endpoint);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_fresh_proxy_hands_everything_on()
    {
        string text = new('x', 1_000_000);
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);

        Task sending = client.SendAsync(text);
        string echo = await client.ReadAsync(text.Length);
        await sending;

        Assert.Equal(text, echo);
        Assert.Equal((1_000_000, 1_000_000, 1), (_proxy.ToServer.Bytes, _proxy.ToClient.Bytes, _proxy.AcceptedConnections));
    }

    [Fact]
    public async Task Resetting_all_breaks_every_connection_but_not_the_next()
    {
        using ProxyClient first = await ProxyClient.ConnectAsync(_proxy);
        await first.EchoAsync("a");
        using ProxyClient second = await ProxyClient.ConnectAsync(_proxy);
        await second.EchoAsync("a");

        _proxy.ResetAll();

        await Assert.ThrowsAsync<IOException>(() => first.ReadAsync(1));
        await Assert.ThrowsAsync<IOException>(() => second.ReadAsync(1));
        using ProxyClient next = await ProxyClient.ConnectAsync(_proxy);
        Assert.Equal("b", await next.EchoAsync("b"));
    }

    [Fact]
    public async Task A_redirected_proxy_leads_new_connections_to_the_other_server()
    {
        await using EchoServer other = new();
        using ProxyClient before = await ProxyClient.ConnectAsync(_proxy);
        await before.EchoAsync("a");
        await _server.DisposeAsync();

        _proxy.Redirect(other.Endpoint);

        using ProxyClient after = await ProxyClient.ConnectAsync(_proxy);
        Assert.Equal("b", await after.EchoAsync("b"));
    }

    [Fact]
    public async Task New_connections_can_be_reset_on_accept()
    {
        _proxy.NewConnections = AcceptBehavior.Reset;

        Assert.Equal(SocketError.ConnectionReset, await ConnectAndReadAsync());
        Assert.Equal((1, 0), (_proxy.AcceptedConnections, _proxy.OpenConnections));
    }

    [Fact]
    public async Task A_refusing_proxy_keeps_present_connections_and_its_port()
    {
        using ProxyClient present = await ProxyClient.ConnectAsync(_proxy);
        await present.EchoAsync("a");

        _proxy.Refuse();
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => ProxyClient.ConnectAsync(_proxy));
        string echo = await present.EchoAsync("b");
        _proxy.Listen();
        using ProxyClient next = await ProxyClient.ConnectAsync(_proxy);

        Assert.Equal((SocketError.ConnectionRefused, "b", "c"), (refused.SocketErrorCode, echo, await next.EchoAsync("c")));
    }

    [Fact]
    public async Task A_black_hole_accepts_and_the_server_never_hears_of_it()
    {
        _proxy.NewConnections = AcceptBehavior.BlackHole;
        using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);

        await client.SendAsync("a");

        Assert.True(await client.IsSilentAsync());
        Assert.Equal(0, _server.ReceivedBytes);
    }

    [Fact]
    public async Task Established_connections_can_go_half_open_while_new_ones_work()
    {
        using ProxyClient dead = await ProxyClient.ConnectAsync(_proxy);
        await dead.EchoAsync("a");

        _proxy.BlackHoleEstablished();
        await dead.SendAsync("b");
        using ProxyClient next = await ProxyClient.ConnectAsync(_proxy);

        Assert.Equal("c", await next.EchoAsync("c"));
        Assert.True(await dead.IsSilentAsync());
        Assert.Equal(2, _server.ReceivedBytes);
    }

    [Fact]
    public async Task A_server_that_is_gone_shows_as_a_reset()
    {
        await _server.DisposeAsync();

        Assert.Equal(SocketError.ConnectionReset, await ConnectAndReadAsync());
    }

    [Fact]
    public async Task An_orderly_end_is_passed_on_as_one()
    {
        ProxyClient client = await ProxyClient.ConnectAsync(_proxy);
        await client.EchoAsync("a");

        client.Dispose();

        await Eventually.TrueAsync(() => _proxy.OpenConnections == 0);
    }

    [Fact]
    public async Task Disposing_closes_what_is_open_whatever_its_state()
    {
        using ProxyClient dead = await ProxyClient.ConnectAsync(_proxy);
        await dead.EchoAsync("a");
        _proxy.BlackHoleEstablished();
        using ProxyClient held = await ProxyClient.ConnectAsync(_proxy);
        _proxy.Hold();
        await held.SendAsync("b");

        await _proxy.DisposeAsync();

        Assert.Equal(0, _proxy.OpenConnections);
        await Assert.ThrowsAsync<IOException>(() => dead.ReadAsync(1));
        await Assert.ThrowsAsync<IOException>(() => held.ReadAsync(1));
    }

    /// <remarks>A reset may come before the client has noticed that it is connected.</remarks>
    private async Task<SocketError?> ConnectAndReadAsync()
    {
        Exception? failure = await Record.ExceptionAsync(async () =>
        {
            using ProxyClient client = await ProxyClient.ConnectAsync(_proxy);
            await client.ReadAsync(1);
        });
        return ((failure as SocketException) ?? (failure?.InnerException as SocketException))?.SocketErrorCode;
    }
}
