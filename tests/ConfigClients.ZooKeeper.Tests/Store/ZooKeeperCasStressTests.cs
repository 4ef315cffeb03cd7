using ConfigClients.Conformance;
using ConfigClients.ZooKeeper.Tests.Faults;
using ConfigClients.ZooKeeper.Tests.Live;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>Eight writers create, swap and delete a few keys: no update is lost, and the stress is shown to find it where one is.</summary>
public sealed class ZooKeeperCasStressTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    private const int Writers = 8;
    private const int Cells = 3;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_value_is_replaced_or_deleted_once_and_the_rest_is_there(bool withStoresOfTheirOwn)
    {
        await using IConfigStore shared = ZooKeeperStores.Open(fixture.Server);
        IConfigStore[] stores = [.. Enumerable.Range(0, Writers).Select(_ => withStoresOfTheirOwn ? ZooKeeperStores.Open(fixture.Server) : shared)];
        string prefix = fixture.NewPrefix();
        CasLedger ledger = new();

        await ledger.RunAsync([.. stores.Select(store => new StoreRegister(store, prefix))], Cells, 250);

        Assert.Equal(0, ledger.SpentTwice);
        Assert.Equal(ledger.Remaining(), await CasLedger.ReadAsync(new StoreRegister(shared, prefix), Cells));
        Assert.InRange(ledger.Spent, 100, Writers * 250);
        await Task.WhenAll(stores.Select(static store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task The_same_stress_finds_lost_updates_where_only_the_data_version_is_compared()
    {
        (ZooKeeperClient client, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = client;
        ICasRegister[] writers = [.. Enumerable.Range(0, Writers).Select(_ => new DataVersionRegister(client, root))];
        CasLedger ledger = new();

        await Eventually.ReadAsync(
            async () =>
            {
                await ledger.RunAsync(writers, Cells, 250);
                return ledger.SpentTwice;
            },
            static lost => lost > 0,
            TimeSpan.FromSeconds(30));

        Assert.NotEqual(ledger.Remaining(), await CasLedger.ReadAsync(writers[0], Cells));
    }
}
