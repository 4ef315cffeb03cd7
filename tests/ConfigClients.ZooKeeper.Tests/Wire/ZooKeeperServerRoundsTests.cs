using System.Net;
using System.Net.Sockets;
using ConfigClients.ZooKeeper.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Every address once in random order, then a pause that grows; names anew for each round.</summary>
public sealed class ZooKeeperServerRoundsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, IPAddress[]> _names = new() { ["a"] = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")], ["b"] = [IPAddress.Parse("10.0.0.3")] };
    private int _resolved;
    private Exception? _failure;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_addresses_of_all_names_come_once_per_round()
    {
        ZooKeeperServerRounds rounds = Rounds(3, "a", "b", "127.0.0.1");

        List<ZooKeeperEndpoint> round = [await rounds.NextAsync(Stop), await rounds.NextAsync(Stop), await rounds.NextAsync(Stop), await rounds.NextAsync(Stop)];

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "127.0.0.1"], round.Select(static endpoint => endpoint.Address.ToString()).Order());
        Assert.True(rounds.IsOver);
    }

    [Fact]
    public async Task The_order_differs_from_client_to_client()
    {
        HashSet<string> firsts = [];
        for (int seed = 0; seed < 50; seed++)
        {
            firsts.Add((await Rounds(seed, "a", "b").NextAsync(Stop)).Address.ToString());
        }

        Assert.Equal(3, firsts.Count);
    }

    [Fact]
    public async Task Between_rounds_is_a_pause_that_grows_up_to_the_longest()
    {
        ZooKeeperServerRounds rounds = Rounds(3, "b");
        await rounds.NextAsync(Stop);
        List<double> pauses = [];

        for (int i = 0; i < 8; i++)
        {
            pauses.Add(await PauseAsync(rounds));
        }

        Assert.InRange(pauses[0], 0.12, 0.27);
        Assert.InRange(pauses[2], 0.49, 1.02);
        Assert.All(pauses.Skip(4), static pause => Assert.InRange(pause, 0.9, 2.02));
    }

    [Fact]
    public async Task A_connection_that_held_makes_the_next_round_start_at_once_with_other_addresses()
    {
        ZooKeeperServerRounds rounds = Rounds(3, "a", "b");
        ZooKeeperEndpoint held = await rounds.NextAsync(Stop);

        rounds.Reset();
        List<ZooKeeperEndpoint> next = [await rounds.NextAsync(Stop), await rounds.NextAsync(Stop), await rounds.NextAsync(Stop)];

        Assert.Equal(held, next[2]);
    }

    [Fact]
    public async Task Names_are_resolved_for_each_round()
    {
        ZooKeeperServerRounds rounds = Rounds(3, "b");
        await rounds.NextAsync(Stop);
        _names["b"] = [IPAddress.Parse("10.0.0.9")];

        rounds.Reset();

        Assert.Equal("10.0.0.9", (await rounds.NextAsync(Stop)).Address.ToString());
        Assert.Equal(2, _resolved);
    }

    [Fact]
    public async Task A_name_that_cannot_be_resolved_is_tried_again()
    {
        ZooKeeperServerRounds rounds = Rounds(3, "c");
        Task<ZooKeeperEndpoint> next = rounds.NextAsync(Stop);
        Exception? failure = _failure;

        _names["c"] = [IPAddress.Parse("10.0.0.7")];
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.Contains("The name c", failure!.Message, StringComparison.Ordinal);
        Assert.Equal("10.0.0.7", (await next).Address.ToString());
    }

    [Fact]
    public async Task A_name_that_takes_for_ever_does_not_hold_up_the_others()
    {
        ZooKeeperServerRounds rounds = Rounds(3, "slow", "b");
        Task<ZooKeeperEndpoint> next = rounds.NextAsync(Stop);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("10.0.0.3", (await next).Address.ToString());
    }

    private async Task<double> PauseAsync(ZooKeeperServerRounds rounds)
    {
        DateTimeOffset start = _time.GetUtcNow();
        Task<ZooKeeperEndpoint> next = rounds.NextAsync(Stop);
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return (_time.GetUtcNow() - start).TotalSeconds;
    }

    private ZooKeeperServerRounds Rounds(int seed, params string[] servers) => new(
        [.. servers.Select(ZooKeeperServer.Parse)],
        (host, _) =>
        {
            _resolved++;
            return host == "slow" ? new TaskCompletionSource<IPAddress[]>().Task
                : _names.TryGetValue(host, out IPAddress[]? addresses) ? Task.FromResult(addresses)
                : throw new SocketException((int)SocketError.HostNotFound);
        },
        TimeSpan.FromSeconds(1),
        static () => TimeSpan.FromSeconds(2),
        _time,
        new Random(seed))
    {
        OnFailure = failure => _failure = failure,
    };
}
