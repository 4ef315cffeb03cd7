namespace ConfigClients.Conformance;

/// <summary>P1: the create revision rises in creation order, store-wide, and is never reused.</summary>
public abstract class CreationOrderConformance(StoreFixture fixture)
{
    [Fact]
    public async Task Create_revisions_rise_in_creation_order_over_keys_and_clients()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string prefix = fixture.NewPrefix();

        List<long> created = [];
        for (int i = 0; i < 30; i++)
        {
            created.Add(await CreateAsync(clients[i], $"{prefix}/{(30 - i) % 4}/{i}"));
        }

        Assert.Equal(created.Distinct().Order(), created);
    }

    [Fact]
    public async Task A_later_write_keeps_the_create_revision()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        long created = await CreateAsync(store, key);

        await store.SetAsync(key, "two");
        await store.CommitAsync(new Transaction().Set(key, TestValues.Of("three")));
        ConfigEntry? entry = await store.GetAsync(key);

        Assert.Equal(created, entry!.CreateRevision);
        Assert.True(entry.Revision.Number > created);
    }

    [Fact]
    public async Task A_new_key_was_created_by_its_only_write()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult result = await store.SetAsync(key, "one");

        Assert.Equal(result.Revision.Number, (await store.GetAsync(key))!.CreateRevision);
    }

    [Fact]
    public async Task A_create_revision_is_never_used_again()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string prefix = fixture.NewPrefix();

        List<long> created = [];
        for (int i = 0; i < 20; i++)
        {
            // Deleted at once, so that the newest creation of the store is one that no longer stands.
            string key = $"{prefix}/{i % 2}";
            created.Add(await CreateAsync(clients[i], key));
            await clients[i + 1].DeleteAsync(key);
        }

        Assert.Equal(created.Distinct().Order(), created);
    }

    [Fact]
    public async Task A_new_key_does_not_inherit_from_a_parent_without_a_value()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/parent/leaf", "x");
        long before = await CreateAsync(store, prefix + "/between");

        long created = await CreateAsync(store, prefix + "/parent");

        Assert.True(created > before);
    }

    [Fact]
    public async Task A_parent_that_was_deleted_and_set_again_is_a_new_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        long first = await CreateAsync(store, prefix + "/parent");
        await store.SetAsync(prefix + "/parent/leaf", "x");

        await store.DeleteAsync(prefix + "/parent");
        long second = await CreateAsync(store, prefix + "/parent");

        Assert.True(second > first);
    }

    [Fact]
    public async Task Concurrent_creators_agree_on_one_order()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string prefix = fixture.NewPrefix();

        long[][] created = await clients.RaceAsync(8, async (store, racer) =>
        {
            List<long> own = [];
            for (int i = 0; i < 10; i++)
            {
                own.Add(await CreateAsync(store, $"{prefix}/{i}-{racer}"));
            }

            return own.ToArray();
        });

        Assert.All(created, static own => Assert.Equal(own.Order(), own));
        Assert.Equal(80, created.SelectMany(static own => own).Distinct().Count());
    }

    [Fact]
    public async Task Session_bound_keys_are_ordered_alike()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string prefix = fixture.NewPrefix();
        List<IStoreSession> sessions = [];
        for (int i = 0; i < 3; i++)
        {
            sessions.Add(await clients[i].OpenSessionAsync());
        }

        List<long> created = [];
        for (int i = 0; i < 12; i++)
        {
            string key = $"{prefix}/{12 - i:D2}";
            await clients[i].SetAsync(key, "seat", Condition.Absent, sessions[i % 3]);
            created.Add((await clients[i].GetAsync(key))!.CreateRevision);
        }

        Assert.Equal(created.Distinct().Order(), created);
        foreach (IStoreSession session in sessions)
        {
            await session.DisposeAsync();
        }
    }

    private static async Task<long> CreateAsync(IConfigStore store, string key)
    {
        WriteResult result = await store.SetAsync(key, "x", Condition.Absent);
        Assert.True(result.Applied);
        return (await store.GetAsync(key))!.CreateRevision;
    }
}
