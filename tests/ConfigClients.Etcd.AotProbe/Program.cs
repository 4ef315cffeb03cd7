using System.Diagnostics;
using System.Runtime.CompilerServices;
using ConfigClients;

// Does once what a store does, on the server of the address. Published ahead of time, it shows that nothing was trimmed away.
if (args is not [string address])
{
    Console.Error.WriteLine("Usage: ConfigClients.Etcd.AotProbe etcd://host:port");
    return 2;
}

long start = Stopwatch.GetTimestamp();
using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
await using IConfigStore store = new ConfigStoreBuilder().UseEtcd().UseAddress(address).Build();
string prefix = $"aot-probe/{Guid.NewGuid():N}";

await store.SetAsync(prefix + "/a", "one", cancellationToken: late.Token);
Check("get", await store.GetStringAsync(prefix + "/a", cancellationToken: late.Token) == "one");
Console.WriteLine($"first set and get: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
Check("condition", !(await store.SetAsync(prefix + "/a", "two", Condition.Absent, cancellationToken: late.Token)).Applied);

await using IAsyncEnumerator<WatchBatch> watch = store.WatchAsync(prefix, late.Token).GetAsyncEnumerator(late.Token);
Check("snapshot", await watch.MoveNextAsync() && watch.Current.Snapshot?.Entries.Count == 1);
await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: late.Token);
await store.SetAsync(prefix + "/b", "two", session: session, cancellationToken: late.Token);
Check("changes", await watch.MoveNextAsync() && watch.Current.Changes is [{ Entry.SessionId: { } holder }] && holder == session.Id);

await store.DeleteAsync(prefix + "/a", cancellationToken: late.Token);
await session.DisposeAsync();
Check("list", (await store.ListAsync(prefix, late.Token)).Entries.Count == 0);
Console.WriteLine(RuntimeFeature.IsDynamicCodeSupported ? "All well, compiled just in time." : "All well, compiled ahead of time.");
return 0;

static void Check(string what, bool holds)
{
    if (!holds)
    {
        throw new InvalidOperationException($"Not as it should be: {what}.");
    }
}
