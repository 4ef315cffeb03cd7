using ConfigClients.Conformance;

namespace ConfigClients.DistributedLocks.Tests;

/// <summary>A file of its own.</summary>
public sealed class EmbeddedFixture : StoreFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("configclients-");

    public override void Choose(ConfigStoreBuilder builder) => builder.UseEmbedded(options => options.Path = Path.Combine(_folder.FullName, "locks.db"));

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return base.DisposeAsync();
    }
}
