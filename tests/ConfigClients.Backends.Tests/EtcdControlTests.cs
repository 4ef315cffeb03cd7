using System.Text.Json;
using ConfigClients.Backends.Etcd;

namespace ConfigClients.Backends.Tests;

public sealed class EtcdControlTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("-key", "value")]
    [InlineData("empty", "")]
    [InlineData("lines", "one\ntwo\n")]
    [InlineData("größe/名前", "½")]
    public async Task Keys_and_values_of_any_characters_come_back_as_they_were(string name, string value)
    {
        EtcdControl control = (await SharedEtcd.GetAsync()).Control;
        string key = $"{name}{Guid.NewGuid():N}";

        await control.PutAsync(key, value, cancellationToken: Stop);
        string? read = await control.GetAsync(key, Stop);
        int deleted = await control.DeleteAsync(key, cancellationToken: Stop);

        Assert.Equal((value, 1), (read, deleted));
        Assert.Null(await control.GetAsync(key, Stop));
    }

    [Fact]
    public async Task Keys_go_with_their_lease()
    {
        EtcdControl control = (await SharedEtcd.GetAsync()).Control;
        string key = $"{Guid.NewGuid():N}";

        long lease = await control.GrantLeaseAsync(TimeSpan.FromMinutes(1), Stop);
        await control.PutAsync(key, "1", lease, Stop);
        string? before = await control.GetAsync(key, Stop);
        await control.RevokeLeaseAsync(lease, Stop);

        Assert.Equal("1", before);
        Assert.Null(await control.GetAsync(key, Stop));
    }

    [Fact]
    public async Task A_refusal_is_an_exception_with_the_words_of_the_tool()
    {
        EtcdControl control = (await SharedEtcd.GetAsync()).Control;

        InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => control.CompactAsync(long.MaxValue, Stop));

        Assert.Contains("required revision is a future revision", refusal.Message);
    }

    [Fact]
    public async Task A_full_server_raises_an_alarm_and_can_be_emptied()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { ExtraFlags = ["--quota-backend-bytes=1048576"] }, Stop);
        EtcdControl control = etcd.Control;

        InvalidOperationException full = await Assert.ThrowsAsync<InvalidOperationException>(() => FillAsync(control));
        string alarms = await control.AlarmsAsync(Stop);
        await etcd.RestartAsync();
        await control.DeleteAsync("fill", prefix: true, Stop);
        await control.CompactAsync(await RevisionAsync(control), Stop);
        await control.DefragmentAsync(Stop);
        await control.DisarmAlarmsAsync(Stop);
        await control.PutAsync("a", "1", cancellationToken: Stop);

        Assert.Contains("database space exceeded", full.Message);
        Assert.Contains("NOSPACE", alarms);
        Assert.Equal("1", await control.GetAsync("a", Stop));
    }

    private static async Task FillAsync(EtcdControl control)
    {
        for (int number = 0; number < 100; number++) // the server measures its file only every 100 ms
        {
            await control.PutAsync($"fill{number}", new string('x', 512 * 1024), cancellationToken: Stop);
        }
    }

    private static async Task<long> RevisionAsync(EtcdControl control)
    {
        using JsonDocument status = JsonDocument.Parse(await control.StatusAsync(Stop));
        return status.RootElement[0].GetProperty("Status").GetProperty("header").GetProperty("revision").GetInt64();
    }
}
