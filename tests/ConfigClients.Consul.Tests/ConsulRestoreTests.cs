using System.Net.Http.Headers;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>F29: the server is restored from a backup, and its index goes back.</summary>
public sealed class ConsulRestoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restored_server_is_a_gap_and_its_older_state_the_truth()
    {
        await using ConsulBackend server = await ConsulBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ConsulStores.Open(server.Endpoint);
        await store.CommitAsync(new Transaction().Set("p/kept", TestValues.Of("old")).Set("p/back", TestValues.Of("old")), Stop);
        byte[] backup = await BackUpAsync(server);
        await store.DeleteAsync("p/back", cancellationToken: Stop);
        for (int i = 0; i < 50; i++)
        {
            await store.SetAsync("p/kept", $"new {i}", cancellationToken: Stop);
        }

        await store.SetAsync("p/gone", "new", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        long before = watch.Batches[^1].Revision;

        await RestoreAsync(server, backup);
        await Eventually.HoldsAsync(() => watch.Batches.Count(static batch => batch.Kind == WatchBatchKind.Snapshot) > 1, TimeSpan.FromSeconds(20));
        WatchBatch again = watch.Batches.Last(static batch => batch.Kind == WatchBatchKind.Snapshot);
        await store.SetAsync("p/after", "here", cancellationToken: Stop);
        await watch.UntilAsync("p/after", "here");

        Assert.True(again.Revision < before && again.Reason is not null, $"{again} after {before}");
        Assert.Contains(again.Changes, static change => change is { Key: "p/gone", IsDelete: true });
        Assert.Equal(
            [("p/after", "here"), ("p/back", "old"), ("p/kept", "old")],
            watch.Values.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => (pair.Key, pair.Value)));
    }

    private static async Task<byte[]> BackUpAsync(ConsulBackend server)
    {
        using HttpClient client = server.CreateClient();
        return await client.GetByteArrayAsync("/v1/snapshot", Stop);
    }

    private static async Task RestoreAsync(ConsulBackend server, byte[] backup)
    {
        using HttpClient client = server.CreateClient();
        using ByteArrayContent content = new(backup);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage answer = await client.PutAsync("/v1/snapshot", content, Stop);
        answer.EnsureSuccessStatusCode();
    }
}
