namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Many callers on one connection, some of whom change their minds.</summary>
public sealed class ZooKeeperConcurrencyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_callers_read_back_what_they_wrote()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            string path = $"{root}/{caller}";
            await client.CreateAsync(path, BitConverter.GetBytes(-1), cancellationToken: Stop);
            for (int i = 0; i < 50; i++)
            {
                ZooKeeperStat set = await client.SetDataAsync(path, BitConverter.GetBytes(i), version: i, cancellationToken: Stop);
                ZooKeeperNode node = (await client.GetDataAsync(path, Stop))!.Value;
                Assert.Equal((i, set), (BitConverter.ToInt32(node.Data.Span), node.Stat));
            }
        }));

        Assert.Equal(64, (await client.ExistsAsync(root, Stop))!.Value.NumChildren);
    }

    [Fact]
    public async Task Reads_of_many_nodes_by_many_callers_are_never_mixed_up()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        const int Nodes = 100;
        for (int i = 0; i < Nodes; i++)
        {
            // Some long, most short, some missing.
            if (i % 10 != 9)
            {
                await client.CreateAsync($"{root}/{i}", Data(i), cancellationToken: Stop);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 256).Select(async caller =>
        {
            Random random = new(caller);
            for (int i = 0; i < 100; i++)
            {
                int which = random.Next(Nodes);
                ZooKeeperNode? node = await client.GetDataAsync($"{root}/{which}", Stop);
                if (which % 10 == 9)
                {
                    Assert.Null(node);
                }
                else
                {
                    Assert.True(node!.Value.Data.Span.SequenceEqual(Data(which)));
                }
            }
        }));

        static byte[] Data(int i) => [.. Enumerable.Repeat((byte)i, i % 10 == 8 ? 50_000 : i)];
    }

    [Fact]
    public async Task Calls_that_are_not_awaited_one_by_one_are_carried_out_in_their_order()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        List<Task<ZooKeeperStat>> sets = [];
        List<Task<ZooKeeperNode?>> gets = [];

        for (int i = 0; i < 300; i++)
        {
            sets.Add(client.SetDataAsync(root, BitConverter.GetBytes(i), cancellationToken: Stop).AsTask());
            gets.Add(client.GetDataAsync(root, Stop).AsTask());
        }

        int[] seen = [.. (await Task.WhenAll(gets)).Select(static node => BitConverter.ToInt32(node!.Value.Data.Span))];
        Assert.Equal(Enumerable.Range(0, 300), seen);
        Assert.Equal(Enumerable.Range(1, 300), (await Task.WhenAll(sets)).Select(static stat => stat.Version));
    }

    [Fact]
    public async Task Cancelling_at_random_under_load_never_harms_another_call()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        ZooKeeperClientSession session = await client.ConnectAsync(Stop);
        int cancelled = 0;
        int completed = 0;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            Random random = new(caller);
            string path = $"{root}/{caller}";
            byte[] buffer = new byte[1000];
            Array.Fill(buffer, (byte)caller);
            await client.CreateAsync(path, buffer, cancellationToken: Stop);
            for (int i = 0; i < 200; i++)
            {
                using CancellationTokenSource cancel = new();
                ValueTask<ZooKeeperStat> set = client.SetDataAsync(path, buffer, cancellationToken: cancel.Token);
                ValueTask<ZooKeeperNode?> get = client.GetDataAsync(path, cancel.Token);
                if (random.Next(3) != 0)
                {
                    await SpinAsync(random);
                    await cancel.CancelAsync();
                }

                bool wasCancelled = await IsCancelledAsync(set.AsTask());
                wasCancelled |= await IsCancelledAsync(get.AsTask());
                Interlocked.Add(ref wasCancelled ? ref cancelled : ref completed, 1);

                // The buffer belongs to the caller again: what it holds now must never reach the server.
                Array.Fill(buffer, (byte)255);
                Array.Fill(buffer, (byte)caller);
            }

            ZooKeeperNode node = (await client.GetDataAsync(path, Stop))!.Value;
            Assert.True(node.Data.Span.IndexOfAnyExcept((byte)caller) < 0);
        }));

        Assert.True(cancelled > 100 && completed > 100, $"{cancelled} cancelled, {completed} completed");
        Assert.Equal((session, SessionState.Healthy), (client.Session, session.State));
    }

    private static async Task SpinAsync(Random random)
    {
        for (int i = random.Next(4); i > 0; i--)
        {
            await Task.Yield();
        }
    }

    private static async Task<bool> IsCancelledAsync(Task call)
    {
        try
        {
            await call;
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
