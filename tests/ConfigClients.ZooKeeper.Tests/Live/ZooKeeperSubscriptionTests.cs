using System.Collections.Concurrent;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Watches that go on: over changes, reconnects, restarts and new sessions.</summary>
public sealed class ZooKeeperSubscriptionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recursive_one_hears_of_every_node_below_and_of_itself()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        await using ZooKeeperSubscription watch = await client.SubscribeAsync(root, ZooKeeperWatchMode.Recursive, Stop);

        await client.CreateAsync(root + "/a", null, cancellationToken: Stop);
        await client.CreateAsync(root + "/a/b", null, cancellationToken: Stop);
        await client.SetDataAsync(root + "/a/b", "v"u8.ToArray(), cancellationToken: Stop);
        await client.DeleteAsync(root + "/a/b", cancellationToken: Stop);
        await client.SetDataAsync(root, null, cancellationToken: Stop);

        Assert.Equal(
            [
                new ZooKeeperEvent(ZooKeeperEventKind.Created, root + "/a"), new ZooKeeperEvent(ZooKeeperEventKind.Created, root + "/a/b"),
                new ZooKeeperEvent(ZooKeeperEventKind.DataChanged, root + "/a/b"), new ZooKeeperEvent(ZooKeeperEventKind.Deleted, root + "/a/b"),
                new ZooKeeperEvent(ZooKeeperEventKind.DataChanged, root),
            ],
            await ZooKeeperChrootTests.ReadAsync(watch, 5));
    }

    [Fact]
    public async Task One_of_a_node_hears_of_it_and_of_its_children_only_before_it_exists_and_after_it_is_gone()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        string path = root + "/a";
        await using ZooKeeperSubscription watch = await client.SubscribeAsync(path, ZooKeeperWatchMode.Node, Stop);

        await client.CreateAsync(path, null, cancellationToken: Stop);
        await client.CreateAsync(path + "/b", null, cancellationToken: Stop);
        await client.SetDataAsync(path + "/b", "v"u8.ToArray(), cancellationToken: Stop);
        await client.SetDataAsync(path, "v"u8.ToArray(), cancellationToken: Stop);
        await client.DeleteAsync(path + "/b", cancellationToken: Stop);
        await client.DeleteAsync(path, cancellationToken: Stop);
        await client.CreateAsync(path, null, cancellationToken: Stop);

        Assert.Equal(
            [
                ZooKeeperEventKind.Created, ZooKeeperEventKind.ChildrenChanged, ZooKeeperEventKind.DataChanged, ZooKeeperEventKind.ChildrenChanged,
                ZooKeeperEventKind.Deleted, ZooKeeperEventKind.Created,
            ],
            (await ZooKeeperChrootTests.ReadAsync(watch, 6)).Select(static happened => happened.Kind));
    }

    [Fact]
    public async Task Both_kinds_on_one_path_hear_what_they_asked_for_in_either_order()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        await using ZooKeeperSubscription node = await client.SubscribeAsync(root, ZooKeeperWatchMode.Node, Stop);
        await using ZooKeeperSubscription recursive = await client.SubscribeAsync(root, ZooKeeperWatchMode.Recursive, Stop);
        await using ZooKeeperSubscription late = await client.SubscribeAsync(root, ZooKeeperWatchMode.Node, Stop);

        await client.CreateAsync(root + "/a", null, cancellationToken: Stop);
        await client.CreateAsync(root + "/a/b", null, cancellationToken: Stop);
        await client.SetDataAsync(root, null, cancellationToken: Stop);

        ZooKeeperEvent[] expected = [new(ZooKeeperEventKind.ChildrenChanged, root), new(ZooKeeperEventKind.DataChanged, root)];
        Assert.Equal(expected, await ZooKeeperChrootTests.ReadAsync(node, 2));
        Assert.Equal(expected, await ZooKeeperChrootTests.ReadAsync(late, 2));
        Assert.Equal([root + "/a", root + "/a/b", root], (await ZooKeeperChrootTests.ReadAsync(recursive, 3)).Select(static happened => happened.Path));
    }

    [Fact]
    public async Task An_observer_hears_of_a_change_before_any_read_shows_it()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        await using ZooKeeperClient writer = ZooKeeperClients.Open(await SharedZooKeeper.GetAsync());
        int told = 0;
        await using ZooKeeperSubscription watch = await client.SubscribeAsync(root, ZooKeeperWatchMode.Node, _ => Interlocked.Increment(ref told), Stop);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task writing = Task.Run(
            async () =>
            {
                for (int i = 0; i < 500; i++)
                {
                    await writer.SetDataAsync(root, BitConverter.GetBytes(i), cancellationToken: Stop);
                }
            },
            Stop);

        // Each write is one event, and version n is the n-th write.
        int version = 0;
        while (version < 500)
        {
            version = (await client.GetDataAsync(root, Stop))!.Value.Stat.Version;
            Assert.True(Volatile.Read(ref told) >= version);
        }

        await writing;
    }

    [Fact]
    public async Task Disposing_takes_the_watch_away_at_the_server()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server);
        ZooKeeperSubscription first = await client.SubscribeAsync("/w", ZooKeeperWatchMode.Recursive, Stop);
        ZooKeeperSubscription second = await client.SubscribeAsync("/w", ZooKeeperWatchMode.Recursive, Stop);
        await UntilWatchesAsync(server, "1");

        await first.DisposeAsync();
        await client.GetDataAsync("/", Stop);
        await UntilWatchesAsync(server, "1");
        await second.DisposeAsync();

        await UntilWatchesAsync(server, "0");
        Assert.Equal(ZooKeeperError.Closed, (await Assert.ThrowsAsync<ZooKeeperException>(() => second.ReadAsync(Stop).AsTask())).Error);
    }

    [Fact]
    public async Task A_reader_of_a_subscription_that_is_disposed_of_comes_to_its_end()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        ZooKeeperSubscription watch = await client.SubscribeAsync(root, ZooKeeperWatchMode.Node, Stop);
        List<ZooKeeperEvent> events = [];
        Task reading = Task.Run(
            async () =>
            {
                await foreach (ZooKeeperEvent happened in watch.ReadAllAsync(Stop))
                {
                    events.Add(happened);
                }
            },
            Stop);
        await client.SetDataAsync(root, null, cancellationToken: Stop);
        await Eventually.HoldsAsync(() => events.Count == 1);

        await watch.DisposeAsync();
        await reading;

        Assert.Equal(ZooKeeperEventKind.DataChanged, events[0].Kind);
    }

    [Fact] // F1, F32
    public async Task A_restart_is_told_and_changes_missed_meanwhile_are_found_by_reading_again()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using ZooKeeperClient client = ZooKeeperClients.Open(proxy, static options => options.SessionTimeout = TimeSpan.FromSeconds(40));
        await using ZooKeeperClient writer = ZooKeeperClients.Open(server);
        await client.CreateAsync("/w", "old"u8.ToArray(), cancellationToken: Stop);
        ZooKeeperClientSession session = client.Session!;
        await using ZooKeeperSubscription watch = await client.SubscribeAsync("/w", ZooKeeperWatchMode.Recursive, Stop);

        proxy.Refuse();
        proxy.ResetAll();
        await server.KillAsync();
        await server.RestartAsync();
        await writer.SetDataAsync("/w", "new"u8.ToArray(), cancellationToken: Stop);
        proxy.Listen();
        List<ZooKeeperEvent> told = [.. await ZooKeeperChrootTests.ReadAsync(watch, 2)];
        ZooKeeperNode node = (await client.GetDataAsync("/w", Stop))!.Value;
        await writer.CreateAsync("/w/after", null, cancellationToken: Stop);
        told.AddRange(await ZooKeeperChrootTests.ReadAsync(watch, 1));

        Assert.Equal(
            [
                new ZooKeeperEvent(ZooKeeperEventKind.Disconnected, "/w"), new ZooKeeperEvent(ZooKeeperEventKind.Resync, "/w", ZooKeeperResyncReason.Reconnected),
                new ZooKeeperEvent(ZooKeeperEventKind.Created, "/w/after"),
            ],
            told);
        Assert.Equal("new", System.Text.Encoding.ASCII.GetString(node.Data.Span));
        Assert.Same(session, client.Session);
    }

    [Fact]
    public async Task Thousands_of_watches_survive_a_reconnect()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using ZooKeeperClient client = ZooKeeperClients.Open(proxy);
        const int Count = 3000;
        string tail = new('x', 100);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => client.SubscribeAsync($"/{i}{tail}", i % 2 == 0 ? ZooKeeperWatchMode.Node : ZooKeeperWatchMode.Recursive, static _ => { }, Stop).AsTask()));
        await using ZooKeeperSubscription one = await client.SubscribeAsync($"/7{tail}", ZooKeeperWatchMode.Recursive, Stop);
        string before = (await server.Words.MntrAsync(Stop))["zk_watch_count"];

        proxy.ResetAll();
        await ZooKeeperChrootTests.ReadAsync(one, 2);
        await client.CreateAsync($"/7{tail}", null, cancellationToken: Stop);

        Assert.Equal(ZooKeeperEventKind.Created, (await ZooKeeperChrootTests.ReadAsync(one, 1))[0].Kind);
        await UntilWatchesAsync(server, before);
    }

    [Fact]
    public async Task Under_a_storm_of_cuts_every_watcher_ends_at_the_final_state()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using ZooKeeperClient client = ZooKeeperClients.Open(proxy, static options => options.SessionTimeout = TimeSpan.FromSeconds(30));
        await using ZooKeeperClient writer = ZooKeeperClients.Open(server);
        for (int i = 0; i < 8; i++)
        {
            await writer.CreateAsync($"/{i}", BitConverter.GetBytes(0), cancellationToken: Stop);
        }

        ConcurrentDictionary<int, int> seen = new();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task[] watchers = [.. Enumerable.Range(0, 8).Select(i => FollowAsync(client, i, seen, end.Token))];

        for (int round = 1; round <= 40; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => writer.SetDataAsync($"/{i}", BitConverter.GetBytes(round), cancellationToken: Stop).AsTask()));
            proxy.ResetAll();
            await Eventually.HoldsAsync(() => client.State == ZooKeeperState.Connected, TimeSpan.FromSeconds(20));
        }

        await Eventually.HoldsAsync(() => seen.Count == 8 && seen.Values.All(static value => value == 40), TimeSpan.FromSeconds(20));
        await end.CancelAsync();
        await Task.WhenAll(watchers);
    }

    private static async Task FollowAsync(ZooKeeperClient client, int which, ConcurrentDictionary<int, int> seen, CancellationToken cancellationToken)
    {
        try
        {
            await using ZooKeeperSubscription watch = await client.SubscribeAsync($"/{which}", ZooKeeperWatchMode.Node, cancellationToken);
            while (true)
            {
                try
                {
                    seen[which] = BitConverter.ToInt32((await client.GetDataAsync($"/{which}", cancellationToken))!.Value.Data.Span);
                }
                catch (ZooKeeperException e) when (e.Error == ZooKeeperError.ConnectionLoss)
                {
                    // A cut; the resync behind it reads again.
                }

                await watch.ReadAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    private static Task<string> UntilWatchesAsync(ZooKeeperBackend server, string count) => Eventually.ReadAsync(
        async () => (await server.Words.MntrAsync(Stop))["zk_watch_count"], reading => reading == count);
}
