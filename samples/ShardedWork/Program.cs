using ConfigClients;
using ConfigClients.Recipes;

// dotnet run                                     takes its part of eight shards; with nobody at the keyboard it then lets them go and ends
// dotnet run -- --stay                           goes on; start several, in as many terminals, kill one, and see its shards move
// dotnet run -- --store consul://127.0.0.1:8500  the same on Consul; also etcd://127.0.0.1:2379 or zookeeper://127.0.0.1
int said = Array.IndexOf(args, "--store");
await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded().UseConsul().UseEtcd().UseZooKeeper()
    .UseAddress(said >= 0 && said + 1 < args.Length ? args[said + 1] : "embedded:").Build();
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };

Console.WriteLine($"Store: {store.Kind}. This is process {Environment.ProcessId}.");
await using Partitions work = store.CreatePartitions("samples/sharded-work", new PartitionsOptions
{
    Count = 8,
    Contender = new ContenderOptions { SessionTtl = TimeSpan.FromSeconds(10) },
    OnAcquiring = BeginAsync,
    OnReleasing = EndAsync,
});

try
{
    await work.StartAsync(stop.Token);
    while (work.Owned.Count == 0 || !Console.IsInputRedirected || args.Contains("--stay"))
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100), stop.Token);
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("Stopping.");
}

async Task BeginAsync(PartitionOwnership shard, CancellationToken lost)
{
    // Refused by the store if the shard has gone on to somebody else meanwhile, however late this process is.
    byte[] who = System.Text.Encoding.UTF8.GetBytes($"process {Environment.ProcessId}, epoch {shard.Epoch}");
    WriteResult result = await store.CommitAsync(shard.Guard(new Transaction()).Set($"samples/sharded-work-log/{shard.Partition}", who), lost);
    Console.WriteLine($"+ shard {shard.Partition}, epoch {shard.Epoch}{(result.Applied ? "" : ": too late")}");
}

Task EndAsync(PartitionOwnership shard, CancellationToken lost)
{
    Console.WriteLine($"- shard {shard.Partition}{(lost.IsCancellationRequested ? ": lost" : "")}");
    return Task.CompletedTask;
}
