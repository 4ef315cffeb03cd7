using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Backends.Etcd;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Embedded;

namespace ConfigClients.Proof.Processes;

/// <summary>A store with a server of its own, or a file of its own, and the bounds that are published for it.</summary>
public sealed class StoreUnderProof : IAsyncDisposable
{
    /// <summary>The shortest TTL that the contract allows: faults then cost the least time.</summary>
    public static readonly TimeSpan Ttl = StoreSessionOptions.MinTtl;

    private readonly string? _folder;

    private StoreUnderProof(string kind, string address, IBackend? server, string? folder)
    {
        Kind = kind;
        Address = address;
        Server = server;
        _folder = folder;
    }

    /// <summary>Which store.</summary>
    public string Kind { get; }

    /// <summary>Where processes find it.</summary>
    public string Address { get; }

    /// <summary>The server; null where there is none.</summary>
    public IBackend? Server { get; }

    /// <summary>How many descriptors the store may keep that were not needed at first: the embedded one keeps a bounded number of reading connections, two descriptors each.</summary>
    public int SpareDescriptors => Server is null ? 2 * (1 + Math.Max(4, Environment.ProcessorCount)) : 0;

    /// <summary>How long after the death of a holder the next one has the lock, at the latest, if the store stays up.</summary>
    public TimeSpan TakeOverBound => Kind switch
    {
        "embedded" => Ttl + TimeSpan.FromSeconds(0.5),
        "etcd" => Ttl + TimeSpan.FromSeconds(1),
        "zookeeper" => Ttl + (2 * new ZooKeeperBackendOptions().TickTime),
        _ => (2 * Ttl) + TimeSpan.FromSeconds(2),
    };

    /// <summary>Starts the server, if there is one.</summary>
    /// <param name="kind"><c>embedded</c>, <c>consul</c>, <c>etcd</c> or <c>zookeeper</c>.</param>
    /// <returns>The store; dispose it to end the server and remove its data.</returns>
    public static async Task<StoreUnderProof> StartAsync(string kind)
    {
        if (kind == "embedded")
        {
            string folder = Directory.CreateTempSubdirectory("configclients-proof-").FullName;
            return new StoreUnderProof(kind, $"embedded:{folder}/shared.db", null, folder);
        }

        IBackend server = kind switch
        {
            "consul" => await ConsulBackend.StartAsync(),
            "etcd" => await EtcdBackend.StartAsync(),
            "zookeeper" => await ZooKeeperBackend.StartAsync(),
            _ => throw new ArgumentException($"There is no store \"{kind}\".", nameof(kind)),
        };
        return new StoreUnderProof(kind, $"{kind}://{server.Host}:{server.Port}/proof", server, null);
    }

    /// <summary>Opens a client. The embedded store does not wait for the disk, as the tests' servers do not: processes are killed, and not the machine.</summary>
    /// <param name="address">Where.</param>
    /// <returns>The store.</returns>
    public static IConfigStore Open(string address) =>
        new ConfigStoreBuilder().UseEmbedded(static options => options.Durability = EmbeddedDurability.Normal).UseConsul().UseEtcd().UseZooKeeper().UseAddress(address).Build();

    /// <summary>Asks something, again if the store cannot be reached: on a busy machine, or while its server is down.</summary>
    /// <typeparam name="T">What is answered.</typeparam>
    /// <param name="ask">Asks.</param>
    /// <returns>The answer.</returns>
    public static async Task<T> InsistAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (StoreException e) when (e.IsTransient)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    /// <summary>As the other one, with nothing to answer.</summary>
    /// <param name="action">Does something.</param>
    /// <returns>When done.</returns>
    public static Task InsistAsync(Func<Task> action) => InsistAsync(async () =>
    {
        await action();
        return true;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
