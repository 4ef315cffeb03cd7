using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

/// <summary>A consumer that fell far behind: it is cut off the stream, and goes on from where it was.</summary>
public sealed class EtcdSlowWatchTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_than_a_watch_holds_still_leads_to_the_final_state()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        WatchConsumer consumer = new(prefix);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using IAsyncEnumerator<WatchBatch> watch = store.WatchAsync(prefix, end.Token).GetAsyncEnumerator(end.Token);
        await watch.MoveNextAsync();
        consumer.Take(watch.Current);
        string large = new('v', 500 * 1024);

        // 29 MiB: three times what is held for a consumer, so that one catch-up alone is more than that.
        for (int i = 0; i < 60; i++)
        {
            await store.SetAsync($"{prefix}/{i:D2}", large, cancellationToken: Stop);
        }

        await store.SetAsync(prefix + "/last", "x", cancellationToken: Stop);
        end.CancelAfter(Eventually.Deadline);
        while (!consumer.State.ContainsKey(prefix + "/last"))
        {
            Assert.True(await watch.MoveNextAsync());
            consumer.Take(watch.Current);
        }

        Assert.Empty(consumer.Faults);
        Assert.Equal(61, consumer.State.Count);
    }
}
