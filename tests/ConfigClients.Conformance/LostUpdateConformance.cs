using System.Globalization;
using System.Text;

namespace ConfigClients.Conformance;

/// <summary>Many writers of the same keys: every applied update counts.</summary>
public abstract class LostUpdateConformance(StoreFixture fixture)
{
    private const int Writers = 8;
    private const int Increments = 100;

    [Fact]
    public async Task Eight_writers_lose_no_increment()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string key = fixture.NewPrefix() + "/counter";

        int[] applied = await clients.RaceAsync(Writers, async (store, _) =>
        {
            int count = 0;
            for (int i = 0; i < Increments; i++)
            {
                count += (await store.UpdateAsync(key, Increment, maxRounds: 1000)).Applied ? 1 : 0;
            }

            return count;
        });

        Assert.Equal(Writers * Increments, applied.Sum());
        Assert.Equal(Writers * Increments, Number(await clients[0].GetAsync(key)));
    }

    [Fact]
    public async Task Transfers_between_two_keys_keep_their_sum()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string prefix = fixture.NewPrefix();
        await clients[0].SetAsync(prefix + "/a", "100");
        await clients[0].SetAsync(prefix + "/b", "100");

        int[] moved = await clients.RaceAsync(4, async (store, _) =>
        {
            int count = 0;
            for (int i = 0; i < 25; i++)
            {
                count += await MoveOneAsync(store, prefix) ? 1 : 0;
            }

            return count;
        });

        int a = Number(await clients[0].GetAsync(prefix + "/a"));
        int b = Number(await clients[0].GetAsync(prefix + "/b"));
        Assert.Equal((100 - moved.Sum(), 100 + moved.Sum()), (a, b));
        Assert.NotEqual(0, moved.Sum());
    }

    [Fact]
    public async Task An_update_gives_up_after_the_rounds_it_was_given()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/contended";
        int rounds = 0;

        WriteResult result = await store.UpdateAsync(
            key,
            _ =>
            {
                rounds++;
                other.SetAsync(key, $"other {rounds}").AsTask().GetAwaiter().GetResult();
                return TestValues.Of("mine");
            },
            maxRounds: 3);

        Assert.Equal((WriteResult.Refused(key), 3), (result, rounds));
        Assert.Equal("other 3", await store.GetStringAsync(key));
    }

    [Fact]
    public async Task An_update_that_wants_no_change_writes_nothing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult result = await store.UpdateAsync(key, static _ => null);

        Assert.False(result.Applied);
        Assert.Null(await store.GetAsync(key));
    }

    private static async Task<bool> MoveOneAsync(IConfigStore store, string prefix)
    {
        ConfigEntry a = (await store.GetAsync(prefix + "/a"))!;
        ConfigEntry b = (await store.GetAsync(prefix + "/b"))!;

        WriteResult result = await store.CommitAsync(new Transaction()
            .Require(a.Key, Condition.UnchangedSince(a.Revision))
            .Require(b.Key, Condition.UnchangedSince(b.Revision))
            .Set(a.Key, Bytes(Number(a) - 1))
            .Set(b.Key, Bytes(Number(b) + 1)));

        return result.Applied;
    }

    private static ReadOnlyMemory<byte>? Increment(ConfigEntry? entry) => Bytes(Number(entry) + 1);

    private static byte[] Bytes(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static int Number(ConfigEntry? entry) => entry is null ? 0 : int.Parse(entry.GetString(), CultureInfo.InvariantCulture);
}
