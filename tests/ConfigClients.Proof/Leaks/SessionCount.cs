using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ConfigClients.Backends.Consul;
using ConfigClients.Backends.Etcd;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Proof.Processes;
using Microsoft.Data.Sqlite;

namespace ConfigClients.Proof.Leaks;

/// <summary>How many sessions the store itself knows, by its own words.</summary>
internal static class SessionCount
{
    /// <summary>Asks it.</summary>
    public static async Task<int> ReadAsync(StoreUnderProof store) => store.Server switch
    {
        ConsulBackend consul => (await JsonAsync(consul.CreateClient(), static client => client.GetAsync("/v1/session/list"))).GetArrayLength(),
        EtcdBackend etcd => (await JsonAsync(etcd.CreateClient(), static client => client.PostAsJsonAsync("/v3/lease/leases", new object())))
            .TryGetProperty("leases", out JsonElement leases) ? leases.GetArrayLength() : 0,
        ZooKeeperBackend zooKeeper => int.Parse((await zooKeeper.Words.MntrAsync())["zk_global_sessions"], CultureInfo.InvariantCulture),
        _ => await ReadFileAsync(store.Address["embedded:".Length..]),
    };

    private static async Task<JsonElement> JsonAsync(HttpClient client, Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        using (client)
        {
            using HttpResponseMessage answer = await ask(client);
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    private static async Task<int> ReadFileAsync(string path)
    {
        await using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = new("SELECT count(*) FROM sessions", connection);
        return Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
