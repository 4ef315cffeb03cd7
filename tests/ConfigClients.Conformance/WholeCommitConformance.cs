using Microsoft.Extensions.Options;

namespace ConfigClients.Conformance;

/// <summary>A commit is seen whole: by listings, by watches and by options. A store whose limits do not promise both does not inherit this suite.</summary>
public abstract class WholeCommitConformance(StoreFixture fixture)
{
    private const int Commits = 200;

    [Fact]
    public async Task Listings_never_show_half_a_commit()
    {
        await using IConfigStore writer = await fixture.OpenAsync();
        await using IConfigStore reader = await fixture.OpenAsync();
        Assert.True(reader.Limits.ListIsPointInTime, "This store does not promise it, and must not inherit the suite.");
        string prefix = fixture.NewPrefix();
        await CommitPairAsync(writer, prefix, 0);

        using CancellationTokenSource enough = new();
        Task writing = Task.Run(async () =>
        {
            for (int i = 1; !enough.IsCancellationRequested; i++)
            {
                await CommitPairAsync(writer, prefix, i);
            }
        });
        List<string> torn = [];
        for (int i = 0; i < Commits; i++)
        {
            string[] values = [.. (await reader.ListAsync(prefix)).Entries.Select(static entry => entry.GetString())];
            if (values.Distinct().Count() != 1 || values.Length != 3)
            {
                torn.Add(string.Join('/', values));
            }

            await Task.Delay(1);
        }

        await enough.CancelAsync();
        await writing;
        Assert.Empty(torn);
    }

    [Fact]
    public async Task Watches_never_show_half_a_commit()
    {
        await using IConfigStore writer = await fixture.OpenAsync();
        await using IConfigStore reader = await fixture.OpenAsync();
        Assert.True(reader.Limits.WatchSeesCommitsWhole, "This store does not promise it, and must not inherit the suite.");
        string prefix = fixture.NewPrefix();
        await CommitPairAsync(writer, prefix, 0);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(reader, prefix);

        await Task.Run(() => CommitPairsAsync(writer, prefix));
        await watch.UntilConvergedAsync(writer, prefix);
        WatchConsumer consumer = new(prefix);
        List<string> torn = [];
        foreach (WatchBatch batch in watch.Batches)
        {
            consumer.Take(batch);
            string[] values = [.. consumer.State.Values.Select(static entry => entry.GetString())];
            if (values.Distinct().Count() != 1 || values.Length != 3)
            {
                torn.Add(string.Join('/', values));
            }
        }

        Assert.Empty(torn);
    }

    [Fact]
    public async Task Options_never_show_half_a_commit()
    {
        await using IConfigStore writer = await fixture.OpenAsync();
        Assert.True(writer.Limits.WatchSeesCommitsWhole, "This store does not promise it, and must not inherit the suite.");
        string prefix = fixture.NewPrefix();
        await CommitOptionsAsync(0);
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);
        int torn = 0;
        using IDisposable? callback = host.Monitor.OnChange(options => torn += options.Left == options.Right ? 0 : 1);

        for (int i = 1; i <= Commits; i++)
        {
            await CommitOptionsAsync(i);
        }

        await Eventually.HoldsAsync(() => host.Monitor.CurrentValue.Right == Commits);
        Assert.Equal(0, torn);

        async Task CommitOptionsAsync(int number) => await writer.CommitAsync(new Transaction()
            .Set(prefix + "/options/left", TestValues.Of($"{number}"))
            .Set(prefix + "/options/right", TestValues.Of($"{number}")));
    }

    private static async Task CommitPairsAsync(IConfigStore store, string prefix)
    {
        for (int i = 1; i <= Commits; i++)
        {
            await CommitPairAsync(store, prefix, i);
        }
    }

    private static async Task CommitPairAsync(IConfigStore store, string prefix, int number) =>
        await store.CommitAsync(new Transaction()
            .Set(prefix + "/a", TestValues.Of($"{number}"))
            .Set(prefix + "/b/c", TestValues.Of($"{number}"))
            .Set(prefix + "/z", TestValues.Of($"{number}")));
}
