using ConfigClients.Conformance;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>First answers that cannot be believed.</summary>
public sealed class ZooKeeperHostileWelcomeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("7fffffff")]
    [InlineData("ffffffff")]
    [InlineData("00000000")]
    [InlineData("00000401 00000000")]
    [InlineData("00000024 00000000 00002710 0000000000000077 3b9aca00 00000000000000000000000000000000")]
    [InlineData("00000024 00000000 00002710 0000000000000077 fffffffe 00000000000000000000000000000000")]
    [InlineData("00000024 00000000 00002710 0000000000000000 00000010 00000000000000000000000000000000")]
    [InlineData("485454502f312e3120343030204261642052657175657374")]
    public async Task An_answer_that_is_none_is_a_failure_of_that_server(string bytes)
    {
        await using FakeServer server = FakeServer.Start(async line =>
        {
            await line.ReadAsync();
            await line.Stream.WriteAsync(Wire.Hex.Bytes(bytes), Stop);
            await line.SwallowAsync();
        });
        await using ZooKeeperClient client = server.Connect();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.ConnectAsync(Stop).AsTask());

        Assert.Equal((ZooKeeperError.ConnectionLoss, false), (failure.Error, failure.MayHaveApplied));
        Assert.Contains("protocol", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public async Task A_new_session_that_is_over_at_once_is_a_refusal(int timeoutMs)
    {
        await using FakeServer server = FakeServer.Welcoming(static line => line.SwallowAsync(), timeoutMs);
        await using ZooKeeperClient client = server.Connect();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.ConnectAsync(Stop).AsTask());

        Assert.Contains("refused to begin a session", failure.Message, StringComparison.Ordinal);
        Assert.Null(client.Session);
    }

    [Fact]
    public async Task A_time_out_beyond_reason_is_cut_to_an_hour()
    {
        await using FakeServer server = FakeServer.Welcoming(static line => line.AnswerAllAsync(), int.MaxValue);
        await using ZooKeeperClient client = server.Connect();

        Assert.Equal(TimeSpan.FromHours(1), (await client.ConnectAsync(Stop)).Timeout);
    }

    [Fact]
    public async Task Another_session_than_the_one_asked_for_is_a_violation_and_the_session_stays()
    {
        await using FakeServer server = FakeServer.Start(static async line =>
        {
            await line.ReadAsync();
            await line.WelcomeAsync(10_000, line.Number == 2 ? 0x666 : FakeLine.SessionId);
            if (line.Number > 1)
            {
                await line.AnswerAllAsync();
            }
        });
        await using ZooKeeperClient client = server.Connect();
        ZooKeeperClientSession session = await client.ConnectAsync(Stop);

        await Eventually.HoldsAsync(() => server.Accepted == 3 && client.State == ZooKeeperState.Connected);

        Assert.Same(session, client.Session);
        Assert.Equal(SessionState.Healthy, session.State);
    }

    [Fact]
    public async Task A_session_that_the_server_has_forgotten_ends_once_and_a_new_one_begins()
    {
        TaskCompletionSource cut = new();
        await using FakeServer server = FakeServer.Start(async line =>
        {
            byte[] hello = await line.ReadAsync();
            bool isNew = hello.AsSpan(16, 8).IndexOfAnyExcept((byte)0) < 0;
            await line.WelcomeAsync(isNew ? 10_000 : 0, isNew ? 0x100 + line.Number : 0);
            if (line.Number == 1)
            {
                await cut.Task;
                return;
            }

            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        ZooKeeperClientSession first = await client.ConnectAsync(Stop);
        int lost = 0;
        first.Lost.Register(() => Interlocked.Increment(ref lost));

        cut.SetResult();
        await Eventually.HoldsAsync(() => client.Session != first && client.State == ZooKeeperState.Connected);

        Assert.Equal((SessionState.Lost, SessionEndReason.EndedByStore), (first.State, first.EndReason));
        await Eventually.HoldsAsync(() => lost == 1);
        Assert.Equal(0x103, client.Session!.Id);
    }

    [Fact]
    public async Task A_read_only_server_without_sessions_is_told_apart()
    {
        await using FakeServer server = FakeServer.Start(static async line =>
        {
            await line.ReadAsync();
            await line.AnswerAsync(0, error: (int)ZooKeeperError.NotReadOnly);
        });
        await using ZooKeeperClient client = server.Connect();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.ConnectAsync(Stop).AsTask());

        Assert.Contains(nameof(ZooKeeperError.NotReadOnly), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_of_a_session_is_in_no_text()
    {
        ZooKeeperWelcome welcome = new(TimeSpan.FromSeconds(10), 1, "canary-canary-ca"u8.ToArray(), false);
        ZooKeeperHandshake handshake = new(0, TimeSpan.FromSeconds(10), 1, welcome.Password, false);

        Assert.DoesNotContain("canary", $"{welcome} {handshake} {ZooKeeperCredential.Digest("user", "canary")}", StringComparison.Ordinal);
        await Task.CompletedTask;
    }
}
