using System.Net.Sockets;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Backends.Tests;

public sealed class ZooKeeperBackendTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 15)]
    [InlineData(1000, 60)]
    public async Task A_fresh_server_grants_sessions_between_a_second_and_a_minute(int askedSeconds, int grantedSeconds)
    {
        ZooKeeperBackend server = await SharedZooKeeper.GetAsync();

        await using RawZooKeeperSession session = await RawZooKeeperSession.OpenAsync(server, TimeSpan.FromSeconds(askedSeconds));

        Assert.Equal(TimeSpan.FromSeconds(grantedSeconds), session.Timeout);
    }

    [Fact]
    public async Task Kill_and_restart_keep_port_and_data()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        Uri before = server.Endpoint;
        await WriteAsync(server, "/a", "kept");

        await server.KillAsync();
        await Assert.ThrowsAnyAsync<SocketException>(() => server.ConnectAsync(cancellationToken: Stop));
        await server.RestartAsync();

        Assert.Equal("kept", await ReadAsync(server, "/a"));
        Assert.Equal(before, server.Endpoint);
    }

    [Fact]
    public async Task A_stopped_server_can_be_started_again()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await WriteAsync(server, "/a", "kept");

        await server.StopAsync();
        await server.RestartAsync();

        Assert.Equal("kept", await ReadAsync(server, "/a"));
    }

    [Fact]
    public async Task A_paused_server_is_silent_until_it_is_resumed_or_killed()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);

        await server.PauseAsync();
        Task<string> answer = server.Words.SrvrAsync(Stop);
        Task first = await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(500), Stop));
        await server.ResumeAsync();
        string resumed = await answer;
        await server.PauseAsync();
        await server.RestartAsync();

        Assert.NotSame(answer, first);
        Assert.Contains("Mode: standalone", resumed);
        Assert.True(await server.IsServingAsync(Stop));
    }

    [Fact]
    public async Task Further_configuration_reaches_the_server_and_faults_reach_the_log()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(
            new() { ExtraConfig = ["maxClientCnxns=1"], LongestSession = TimeSpan.FromSeconds(40) }, Stop);
        await using RawZooKeeperSession only = await RawZooKeeperSession.OpenAsync(server, TimeSpan.FromMinutes(1));

        Exception? refusal = await Record.ExceptionAsync(() => RawZooKeeperSession.OpenAsync(server));

        Assert.True(refusal is IOException or SocketException, $"{refusal}");
        Assert.Equal(TimeSpan.FromSeconds(40), only.Timeout);
        Assert.Contains("Too many connections", await server.LogsAsync());
    }

    private static async Task WriteAsync(ZooKeeperBackend server, string path, string data)
    {
        await using RawZooKeeperSession session = await RawZooKeeperSession.OpenAsync(server);
        Assert.Equal(0, await session.CreateAsync(path, data));
    }

    private static async Task<string?> ReadAsync(ZooKeeperBackend server, string path)
    {
        await using RawZooKeeperSession session = await RawZooKeeperSession.OpenAsync(server);
        return await session.ReadAsync(path);
    }
}
