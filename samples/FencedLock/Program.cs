using ConfigClients;
using ConfigClients.Recipes;

// dotnet run                                     takes the lock, loses it on purpose, and shows that what the old holder still writes is refused
// dotnet run -- --stay                           keeps the lock in the end; start a second one, and it waits until you end the first, or kill it
// dotnet run -- --store consul://127.0.0.1:8500  the same on Consul; also etcd://127.0.0.1:2379 or zookeeper://127.0.0.1
int said = Array.IndexOf(args, "--store");
await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded().UseConsul().UseEtcd().UseZooKeeper()
    .UseAddress(said >= 0 && said + 1 < args.Length ? args[said + 1] : "embedded:").Build();
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };

DistributedLock mutex = store.CreateLock("samples/fenced-lock/lock", new ContenderOptions { SessionTtl = TimeSpan.FromSeconds(10) });
const string Balance = "samples/fenced-lock/balance";
Ledger ledger = new();

try
{
    Console.WriteLine($"Store: {store.Kind}. Waiting for the lock.");
    await using LockHandle first = await mutex.AcquireAsync(cancellationToken: stop.Token);
    Console.WriteLine($"First holder: token {first.FencingToken}, held for {first.ValidFor.TotalSeconds:F0} s more at least.");
    await WriteAsync("First holder", first, "100");

    // To everybody else, this holder is gone. It would not know if it were paused just now, between looking at the lock and writing.
    await store.DeleteAsync(first.SeatKey, cancellationToken: stop.Token);
    await using LockHandle second = await mutex.AcquireAsync(cancellationToken: stop.Token);
    Console.WriteLine($"Second holder: token {second.FencingToken}.");
    await WriteAsync("Second holder", second, "200");
    await WriteAsync("First holder, late", first, "150");

    Console.WriteLine($"The balance is {await store.GetStringAsync(Balance, stop.Token)} in the store, {ledger.Balance} in the ledger.");
    if (args.Contains("--stay"))
    {
        Console.WriteLine("Holding on to the lock (Ctrl+C ends this).");
        await Task.Delay(Timeout.Infinite, stop.Token);
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("Stopped.");
}

async Task WriteAsync(string who, LockHandle handle, string balance)
{
    // In the store: it checks the seat itself, in the same transaction. Elsewhere: the token goes along, and the resource looks at it.
    WriteResult inStore = await handle.SetAsync(Balance, System.Text.Encoding.UTF8.GetBytes(balance), stop.Token);
    bool inLedger = ledger.TryWrite(handle.FencingToken, balance);
    Console.WriteLine($"{who} writes {balance}: store {(inStore.Applied ? "accepts" : "refuses")}, ledger {(inLedger ? "accepts" : "refuses")}.");
}
