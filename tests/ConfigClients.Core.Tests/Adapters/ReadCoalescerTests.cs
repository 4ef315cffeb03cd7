using ConfigClients.Adapters;
using ConfigClients.Core.Tests.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class ReadCoalescerTests
{
    private static readonly string[] WithLarge = ["x", "y", "large"];
    private static readonly string[] Plain = ["x", "y", "a", "b"];

    private readonly FakeTimeProvider _time = new();
    private readonly ReadSimulation _server = new();

    [Fact]
    public async Task A_read_that_is_alone_goes_out_at_once_and_alone()
    {
        ReadCoalescer<(string Key, int Version)> reads = Create();

        ValueTask<(string Key, int Version)> read = reads.ReadAsync("a", CancellationToken.None);

        Assert.Equal((1, 1), (_server.Requests, _server.LargestBatch));
        _server.Complete(0, fails: false);
        Assert.Equal("a", (await read).Key);
    }

    [Fact]
    public async Task Reads_that_come_meanwhile_share_the_next_request()
    {
        ReadCoalescer<(string Key, int Version)> reads = Create();
        Task<(string Key, int Version)>[] asked = [.. Enumerable.Range(0, 12).Select(i => reads.ReadAsync($"{i}", CancellationToken.None).AsTask())];

        while (_server.Outstanding > 0)
        {
            _server.Complete(0, fails: false);
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(static i => $"{i}"), (await Task.WhenAll(asked)).Select(static answer => answer.Key));
        Assert.Equal((3, 10), (_server.Requests, _server.LargestBatch));
    }

    [Fact]
    public async Task A_key_that_was_refused_is_read_alone_from_then_on()
    {
        ReadCoalescer<(string Key, int Version)> reads = Create();
        string[] keys = ["x", "y", "a", ReadSimulation.Forbidden, "b"];
        Task<(string Key, int Version)>[] first = [.. keys.Select(key => reads.ReadAsync(key, CancellationToken.None).AsTask())];
        CompleteAll();
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => first[3]);
        int before = _server.Requests;

        Task<(string Key, int Version)>[] second = [.. keys.Select(key => reads.ReadAsync(key, CancellationToken.None).AsTask())];
        CompleteAll();

        Assert.Equal((StoreError.Denied, "b"), (refused.Error, (await first[4]).Key));
        await Assert.ThrowsAsync<StoreException>(() => second[3]);
        Assert.Equal(("a", 4), ((await second[2]).Key, _server.Requests - before));
    }

    [Fact]
    public async Task A_large_value_is_read_alone_until_it_is_small_again()
    {
        bool isLarge = true;
        ReadCoalescer<(string Key, int Version)> reads = Create(answer => isLarge && answer.Key == "large");
        await ReadAsync("large");

        Task<(string Key, int Version)>[] whileLarge = Ask();
        int alone = _server.Outstanding;
        isLarge = false;
        CompleteAll();
        await Task.WhenAll(whileLarge);
        Task<(string Key, int Version)>[] whenSmall = Ask();
        int shared = _server.Outstanding;
        CompleteAll();
        await Task.WhenAll(whenSmall);

        Assert.Equal((3, 2), (alone, shared));

        Task<(string Key, int Version)>[] Ask() => [.. WithLarge.Select(key => reads.ReadAsync(key, CancellationToken.None).AsTask())];

        async Task ReadAsync(string key)
        {
            ValueTask<(string Key, int Version)> read = reads.ReadAsync(key, CancellationToken.None);
            _server.Complete(0, fails: false);
            await read;
        }
    }

    [Fact]
    public async Task A_shared_request_that_stays_unanswered_fails_for_all_on_it_and_holds_up_nobody_after_it()
    {
        ReadCoalescer<(string Key, int Version)> reads = Create();
        Task<(string Key, int Version)>[] asked = [.. Plain.Select(key => reads.ReadAsync(key, CancellationToken.None).AsTask())];
        _server.Complete(0, fails: false);
        Task<(string Key, int Version)> after = reads.ReadAsync("c", CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromSeconds(6));
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => asked[2]);

        Assert.Equal((StoreError.Unavailable, false), (failure.Error, failure.MayHaveApplied));
        await Assert.ThrowsAsync<StoreException>(() => asked[3]);
        CompleteAll();
        Assert.Equal("c", (await after).Key);
    }

    private ReadCoalescer<(string Key, int Version)> Create(Func<(string Key, int Version), bool>? isLarge = null) =>
        new(_server.ReadOneAsync, _server.ReadManyAsync, isLarge ?? (static _ => false), 128, TimeSpan.FromSeconds(5), _time, CancellationToken.None);

    private void CompleteAll()
    {
        while (_server.Outstanding > 0)
        {
            _server.Complete(0, fails: false);
        }
    }
}
