using ConfigClients;
using ConfigClients.Backends.Consul;
using ConfigClients.Backends.Etcd;
using ConfigClients.Benchmarks;
using ConfigClients.Benchmarks.Duels;
using dotnet_etcd;
using Grpc.Core;

// dotnet run -c Release --project tests/ConfigClients.Benchmarks [-- --rounds 6 --only consul|embedded|etcd|watch|start|micro]
if (args is [FirstValue.Role, string who, string address])
{
    await FirstValue.RunChildAsync(who, new Uri(address));
    return 0;
}

if (args is [EmbeddedWatchFacts.Role, string path])
{
    await EmbeddedWatchFacts.RunChildAsync(path);
    return 0;
}

int rounds = Array.IndexOf(args, "--rounds") is >= 0 and int r ? int.Parse(args[r + 1]) : 6;
string only = Array.IndexOf(args, "--only") is >= 0 and int o ? args[o + 1] : "all";
if (only == "micro")
{
    BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Duel).Assembly).Run(["--filter", "*"]);
    return 0;
}

Console.WriteLine($"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {rounds} rounds, {DateTime.UtcNow:yyyy-MM-dd}");
Console.WriteLine();
Console.WriteLine(DuelResult.Header);
List<string> facts = [];
bool Wants(string part) => only == "all" || only == part;
async Task RunAsync(IEnumerable<Duel> duels)
{
    foreach (Duel duel in duels)
    {
        Console.WriteLine(await duel.RunAsync(rounds));
    }
}

if (Wants("embedded"))
{
    string folder = Directory.CreateTempSubdirectory("configclients-bench-").FullName;
    await using (IConfigStore store = new ConfigStoreBuilder().UseEmbedded().UseAddress($"embedded:{folder}/ours.db").Build())
    using (EmbeddedCalls calls = new(folder, store))
    {
        await RunAsync(calls.All());
    }

    facts.AddRange(await EmbeddedWatchFacts.MeasureAsync(folder));

    Directory.Delete(folder, recursive: true);
}

if (Wants("consul") || Wants("watch") || Wants("start"))
{
    await using ConsulBackend server = await ConsulBackend.StartAsync();
    IConfigStore Open() => new ConfigStoreBuilder().UseConsul(options => options.Endpoints.Add(server.Endpoint)).Build();
    await using IConfigStore store = Open();
    using BareConsul bare = new(server.Endpoint, maxConnections: 128);
    ConsulReads reads = new(bare, store);
    await reads.PrepareAsync();
    if (Wants("start"))
    {
        await RunAsync([FirstValue.Create(server.Endpoint)]);
    }

    if (Wants("consul"))
    {
        await RunAsync(reads.All());
        facts.AddRange(await reads.FactsAsync(server.Endpoint));
    }

    if (Wants("watch"))
    {
        await RunAsync(new ConsulWatches(server.Endpoint, Open).All());
    }
}

if (Wants("etcd"))
{
    // As in production: a write is on the disk before it is answered.
    await using EtcdBackend server = await EtcdBackend.StartAsync(new EtcdBackendOptions { ExtraFlags = ["--unsafe-no-fsync=false"] });
    IConfigStore Open() => new ConfigStoreBuilder().UseEtcd(options => options.Endpoints.Add(server.Endpoint)).Build();
    await using IConfigStore store = Open();
    using BareEtcd bare = new(server.Endpoint);
    using EtcdClient client = new(server.Endpoint.ToString(), configureChannelOptions: static options => options.Credentials = ChannelCredentials.Insecure);
    EtcdCalls calls = new(bare, client, store);
    await calls.PrepareAsync();
    await RunAsync(calls.All());
    facts.AddRange(await calls.FactsAsync());
    await RunAsync(new EtcdWatches(server.Endpoint, Open).All());
    using HttpClient metrics = server.CreateClient();
    facts.AddRange(await EtcdWatchFacts.MeasureAsync(store, metrics));
}

Console.WriteLine();
facts.ForEach(fact => Console.WriteLine($"- {fact}"));
return 0;
