namespace ConfigClients.Conformance;

/// <summary>P5 while much is written: intermediate values may be skipped, the final one never is.</summary>
public abstract class WatchLoadConformance(StoreFixture fixture)
{
    [Fact]
    public async Task A_commit_of_sixty_keys_arrives_at_every_watch()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        Transaction transaction = new();
        for (int i = 0; i < 60; i++)
        {
            transaction.Set($"{prefix}/{i:D2}", TestValues.Of($"{i}"));
        }

        await store.CommitAsync(transaction);

        await watch.UntilConvergedAsync(store, prefix);
        Assert.Equal(60, watch.Values.Count);
    }

    [Fact]
    public async Task Writes_that_race_with_the_start_are_never_missed()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore writer = await fixture.OpenAsync();

        for (int round = 0; round < 20; round++)
        {
            string prefix = fixture.NewPrefix();
            Task<WriteResult> before = Task.Run(() => writer.SetAsync(prefix + "/a", "x").AsTask());
            await using WatchRecorder watch = WatchRecorder.Start(store, prefix);
            await before;
            for (int i = 0; i < 5; i++)
            {
                await writer.SetAsync($"{prefix}/{i}", $"{round}");
                await writer.DeleteAsync($"{prefix}/{i - 1}");
            }

            await watch.UntilConvergedAsync(writer, prefix);
        }
    }

    [Fact]
    public async Task A_thousand_quick_changes_end_with_the_last_one()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        for (int i = 1; i <= 1000; i++)
        {
            await store.SetAsync(prefix + "/a", $"{i}");
        }

        await watch.UntilAsync(prefix + "/a", "1000");
        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task A_slow_consumer_gets_the_newest_state_and_no_backlog()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/gone", "x");
        WatchConsumer consumer = new(prefix);
        await using IAsyncEnumerator<WatchBatch> watch = store.WatchAsync(prefix).GetAsyncEnumerator();
        await watch.MoveNextAsync();
        consumer.Take(watch.Current);

        for (int i = 1; i <= 500; i++)
        {
            await store.SetAsync($"{prefix}/{i % 10}", $"{i}");
        }

        WriteResult last = await store.SetAsync(prefix + "/last", "x");
        await store.DeleteAsync(prefix + "/gone");
        int batches = 0;
        while (consumer.State.ContainsKey(prefix + "/gone") || !consumer.State.ContainsKey(prefix + "/last"))
        {
            await watch.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline);
            consumer.Take(watch.Current);
            batches++;
        }

        Assert.Empty(consumer.Faults);
        Assert.Equal(last.Revision, consumer.State[prefix + "/last"].Revision);
        Assert.Equal("500", consumer.State[prefix + "/0"].GetString());
        Assert.InRange(batches, 1, 250);
    }

    [Fact]
    public async Task Large_values_are_delivered()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        string large = new('v', 512 * 1024);

        for (int i = 0; i < 6; i++)
        {
            await store.SetAsync($"{prefix}/{i}", large);
        }

        await watch.UntilConvergedAsync(store, prefix);
        Assert.All(watch.Values.Values, value => Assert.Equal(large, value));
    }

    [Fact]
    public async Task Every_watch_converges_while_clients_write_at_random()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string prefix = fixture.NewPrefix();
        List<WatchRecorder> watches = [WatchRecorder.Start(clients[0], prefix), WatchRecorder.Start(clients[1], prefix + "/1"), WatchRecorder.Start(clients[2], prefix)];

        Task<int[]> writing = clients.RaceAsync(4, (store, racer) => WriteAtRandomAsync(store, prefix, new Random(seed + racer), 100));
        watches.Add(WatchRecorder.Start(clients[0], prefix + "/1"));
        await writing;
        watches.Add(WatchRecorder.Start(clients[1], prefix));

        for (int i = 0; i < watches.Count; i++)
        {
            await watches[i].UntilConvergedAsync(clients[i], i is 1 or 3 ? prefix + "/1" : prefix);
            await watches[i].DisposeAsync();
        }
    }

    private static async Task<int> WriteAtRandomAsync(IConfigStore store, string prefix, Random random, int writes)
    {
        for (int i = 0; i < writes; i++)
        {
            string key = Key();
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    await store.SetAsync(key, $"{i}");
                    break;
                case 3 or 4:
                    await store.DeleteAsync(key);
                    break;
                case 5:
                    await store.SetAsync(key, $"{i}", Condition.Absent);
                    break;
                case 6:
                    await store.CommitAsync(new Transaction().Set(key, TestValues.Of($"{i}")).Delete(key + "/child"));
                    break;
                default:
                    await store.DeleteAsync(key);
                    await store.SetAsync(key, "again");
                    break;
            }
        }

        return writes;

        string Key() => $"{prefix}/{random.Next(3)}{(random.Next(3) == 0 ? "" : $"/{random.Next(6)}")}";
    }
}
