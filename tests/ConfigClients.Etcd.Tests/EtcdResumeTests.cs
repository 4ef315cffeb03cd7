using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdResumeTests(EtcdFixture fixture) : ResumeConformance(fixture), IClassFixture<EtcdFixture>
{
    /// <summary>From before the first frame of the new stream, over "created" and the backlog, to behind it.</summary>
    protected override IEnumerable<int> Cuts => Enumerable.Range(0, 20).Select(static step => step * 70);

    [Fact]
    public async Task A_watch_that_comes_back_to_more_than_it_may_hold_takes_it_in_portions()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        proxy.Refuse();
        proxy.ResetAll();

        for (int i = 0; i < 60; i++)
        {
            await direct.SetAsync($"{prefix}/{i}", TestValues.OfSize(400_000 + i), cancellationToken: Stop);
        }

        proxy.Listen();
        await watch.UntilConvergedAsync(direct, prefix);

        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.InRange(watch.Batches.Count(static batch => batch.Kind == WatchBatchKind.Changes), 2, 60);
    }

    [Fact]
    public async Task Two_hundred_watches_can_begin_at_once()
    {
        await using IConfigStore store = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        WatchRecorder[] watches = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => WatchRecorder.StartAsync(store, $"{prefix}/{i % 50}")));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.SetAsync($"{prefix}/{i}/a", "v", cancellationToken: Stop).AsTask()));

        for (int i = 0; i < watches.Length; i++)
        {
            await watches[i].UntilAsync($"{prefix}/{i % 50}/a", "v");
            Assert.DoesNotContain(watches[i].Batches, static batch => batch.Kind == WatchBatchKind.Stale);
            await watches[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task The_watch_that_opened_the_stream_may_be_cancelled_and_the_others_go_on()
    {
        await using IConfigStore store = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        WatchRecorder first = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder second = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder third = await WatchRecorder.StartAsync(store, prefix + "/a");

        await first.DisposeAsync();
        await store.SetAsync(prefix + "/a/b", "v", cancellationToken: Stop);
        await second.UntilAsync(prefix + "/a/b", "v");
        await third.UntilAsync(prefix + "/a/b", "v");
        await using WatchRecorder fourth = await WatchRecorder.StartAsync(store, prefix);
        await store.SetAsync(prefix + "/a/b", "w", cancellationToken: Stop);

        await fourth.UntilAsync(prefix + "/a/b", "w");
        await third.UntilAsync(prefix + "/a/b", "w");
        Assert.DoesNotContain(second.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
    }

    [Fact]
    public async Task A_stream_that_was_open_long_enough_is_replaced_without_a_word()
    {
        CapturedLog log = new();
        await using IConfigStore store = fixture.Open(static options => options.MaxWatchAge = TimeSpan.FromSeconds(10), builder => builder.UseLoggerFactory(log));
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder one = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder two = await WatchRecorder.StartAsync(store, prefix + "/a");

        int writes = 0;
        await Eventually.ReadAsync(
            async () =>
            {
                await direct.SetAsync($"{prefix}/a/{writes++ % 100}", $"{writes}", cancellationToken: Stop);
                return log.Lines.Any(static line => line.Contains("it was open long enough", StringComparison.Ordinal));
            },
            static replaced => replaced,
            TimeSpan.FromSeconds(15));
        for (int i = 0; i < 100; i++)
        {
            await direct.SetAsync($"{prefix}/a/{i}", "last", cancellationToken: Stop);
        }

        await one.UntilConvergedAsync(direct, prefix);
        await two.UntilConvergedAsync(direct, prefix + "/a");
        Assert.All(one.Batches.Concat(two.Batches), static batch => Assert.NotEqual(WatchBatchKind.Stale, batch.Kind));
        Assert.Single(one.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
    }
}
