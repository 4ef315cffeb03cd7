using System.Text.Json.Nodes;
using ConfigClients;
using ConfigClients.Backends.Consul;
using ConfigClients.Backends.Etcd;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Benchmarks;
using ConfigClients.Benchmarks.Duels;
using ConfigClients.ZooKeeper;
using dotnet_etcd;
using Grpc.Core;

// dotnet run -c Release --project tests/ConfigClients.Benchmarks [-- --rounds 6 --match "in flight" --only consul|embedded|etcd|zookeeper|locks|growth|ring|watch|start|outage|micro]
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
string match = Array.IndexOf(args, "--match") is >= 0 and int m ? args[m + 1] : "";
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
    foreach (Duel duel in duels.Where(duel => duel.Name.Contains(match, StringComparison.Ordinal)))
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
    using PeerProcess? go = await PeerProcess.TryStartGoAsync(server.Endpoint, EtcdCalls.List);
    EtcdCalls calls = new(bare, client, go, store);
    await calls.PrepareAsync();
    await RunAsync(calls.All());
    facts.AddRange(await calls.FactsAsync());
    await RunAsync(new EtcdWatches(server.Endpoint, Open).All());
    using HttpClient metrics = server.CreateClient();
    facts.AddRange(await EtcdWatchFacts.MeasureAsync(store, metrics));
}

if (Wants("zookeeper"))
{
    // As in production: a write is on the disk before it is answered.
    await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new ZooKeeperBackendOptions { ExtraConfig = ["forceSync=yes"] });
    string zooKeeperAddress = $"{server.Host}:{server.Port}";
    IConfigStore Open() => new ConfigStoreBuilder().UseZooKeeper(options => options.Servers.Add(zooKeeperAddress)).Build();
    await using IConfigStore store = Open();
    await using ZooKeeperClient client = new(ZooKeeperClientOptions.Parse(zooKeeperAddress));
    using BareZooKeeper bare = new(server.Host, server.Port);
    using PeerProcess java = await PeerProcess.StartJavaAsync(server, "/" + ZooKeeperCalls.List);
    ZooKeeperCalls calls = new(bare, java, client, store);
    await calls.PrepareAsync();
    await RunAsync(calls.All());
    facts.AddRange(await calls.FactsAsync());
    ZooKeeperWatches watches = new(server, java, Open);
    await watches.PrepareAsync();
    await RunAsync(watches.All());
    facts.Add(await ZooKeeperResyncFacts.MeasureAsync(server, store, ZooKeeperCalls.List));
}

if (Wants("locks"))
{
    await using EtcdBackend etcd = await EtcdBackend.StartAsync(new EtcdBackendOptions { ExtraFlags = ["--unsafe-no-fsync=false"] });
    IConfigStore OpenEtcd() => new ConfigStoreBuilder().UseEtcd(options => options.Endpoints.Add(etcd.Endpoint)).Build();
    await using IConfigStore onEtcd = OpenEtcd();
    using EtcdClient client = new(etcd.Endpoint.ToString(), configureChannelOptions: static options => options.Credentials = ChannelCredentials.Insecure);
    await RunAsync(new EtcdLocks(etcd.Endpoint, client, onEtcd, OpenEtcd).All());

    await using ConsulBackend consul = await ConsulBackend.StartAsync();
    IConfigStore OpenConsul() => new ConfigStoreBuilder().UseConsul(options => options.Endpoints.Add(consul.Endpoint)).Build();
    await using IConfigStore onConsul = OpenConsul();
    await RunAsync(new ConsulLocks(consul.Endpoint, onConsul, OpenConsul).All());

    await using ZooKeeperBackend zooKeeper = await ZooKeeperBackend.StartAsync(new ZooKeeperBackendOptions { ExtraConfig = ["forceSync=yes"] });
    IConfigStore OpenZooKeeper() => new ConfigStoreBuilder().UseZooKeeper(options => options.Servers.Add($"{zooKeeper.Host}:{zooKeeper.Port}")).Build();
    await using IConfigStore onZooKeeper = OpenZooKeeper();
    using PeerProcess java = await PeerProcess.StartJavaAsync(zooKeeper, "/");
    await RunAsync(new ZooKeeperLocks(java, onZooKeeper, OpenZooKeeper).All());
}

if (Wants("growth"))
{
    await using EtcdBackend etcd = await EtcdBackend.StartAsync();
    using HttpClient etcdMetrics = etcd.CreateClient();
    facts.Add(await LockGrowthFacts.MeasureAsync(
        "etcd",
        "messages in and out",
        () => new ConfigStoreBuilder().UseEtcd(options => options.Endpoints.Add(etcd.Endpoint)).Build(),
        async () => LockGrowthFacts.Sum(await etcdMetrics.GetStringAsync(new Uri("/metrics", UriKind.Relative)), "grpc_server_msg_received_total", "grpc_server_msg_sent_total")));

    // More connections than one client address may have by default.
    await using ConsulBackend consul = await ConsulBackend.StartAsync(new ConsulBackendOptions
    {
        ExtraConfig = new() { ["limits"] = new JsonObject { ["http_max_conns_per_client"] = 4096 }, ["telemetry"] = new JsonObject { ["prometheus_retention_time"] = "1h", ["disable_hostname"] = true } },
    });
    using HttpClient consulMetrics = consul.CreateClient();
    facts.Add(await LockGrowthFacts.MeasureAsync(
        "Consul",
        "requests",
        () => new ConfigStoreBuilder().UseConsul(options => options.Endpoints.Add(consul.Endpoint)).Build(),
        async () => LockGrowthFacts.Sum(
            await consulMetrics.GetStringAsync(new Uri("/v1/agent/metrics?format=prometheus", UriKind.Relative)), "consul_http_GET_v1_kv___count", "consul_http_PUT_v1_txn_count")));

    await using ZooKeeperBackend zooKeeper = await ZooKeeperBackend.StartAsync();
    facts.Add(await LockGrowthFacts.MeasureAsync(
        "ZooKeeper",
        "packets in and out",
        () => new ConfigStoreBuilder().UseZooKeeper(options => options.Servers.Add($"{zooKeeper.Host}:{zooKeeper.Port}")).Build(),
        async () =>
        {
            IReadOnlyDictionary<string, string> words = await zooKeeper.Words.MntrAsync(CancellationToken.None);
            return double.Parse(words["zk_packets_received"]) + double.Parse(words["zk_packets_sent"]);
        }));
}

if (Wants("ring"))
{
    HashRings rings = new();
    await RunAsync(rings.All());
    facts.Add(rings.Fact());
}

if (Wants("outage"))
{
    await using ConsulBackend consul = await ConsulBackend.StartAsync();
    facts.Add(await OutageFacts.MeasureAsync("Consul", consul, () => new ConfigStoreBuilder().UseConsul(options => options.Endpoints.Add(consul.Endpoint)).Build()));
    await using EtcdBackend etcd = await EtcdBackend.StartAsync();
    facts.Add(await OutageFacts.MeasureAsync("etcd", etcd, () => new ConfigStoreBuilder().UseEtcd(options => options.Endpoints.Add(etcd.Endpoint)).Build()));
    await using ZooKeeperBackend zooKeeper = await ZooKeeperBackend.StartAsync();
    string outageAddress = $"{zooKeeper.Host}:{zooKeeper.Port}";
    facts.Add(await OutageFacts.MeasureAsync("ZooKeeper", zooKeeper, () => new ConfigStoreBuilder().UseZooKeeper(options => options.Servers.Add(outageAddress)).Build()));
}

Console.WriteLine();
facts.ForEach(fact => Console.WriteLine($"- {fact}"));
return 0;
