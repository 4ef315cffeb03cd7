using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class StoreFilesTests
{
    private static readonly string[] Complete =
    [
        "EtcdStore.cs", "EtcdSession.cs", "EtcdWatch.cs", "EtcdKeys.cs", "EtcdErrors.cs", "EtcdStoreOptions.cs", "EtcdStoreOptionsValidator.cs",
        "EtcdBuilderExtensions.cs", "EtcdStoreFactory.cs", "Log.cs", "README.md", "Wire/Anything.cs",
    ];

    public static TheoryData<string> Stores => new("Embedded", "Consul", "Etcd", "ZooKeeper");

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_store_has_the_files_every_store_has(string store)
    {
        string folder = $"src/ConfigClients.{store}/";

        string[] files = [.. Repository.Read(folder, "").Select(file => file.Path[folder.Length..])];

        Expect.NoFault(StoreFilesRule.Faults(store, files));
    }

    [Fact]
    public void A_complete_store_has_no_fault() => Assert.Empty(StoreFilesRule.Faults("Etcd", Complete));

    [Fact]
    public void Each_missing_file_is_a_fault() =>
        Assert.All(Complete, missing => Assert.Single(StoreFilesRule.Faults("Etcd", [.. Complete.Except([missing])])));

    [Fact]
    public void A_type_that_does_not_start_with_the_store_is_a_fault() =>
        Assert.Single(StoreFilesRule.Faults("Etcd", [.. Complete, "LeaseKeeper.cs"]));
}
