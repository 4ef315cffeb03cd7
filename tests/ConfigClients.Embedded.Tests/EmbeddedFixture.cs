using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

/// <summary>A file of its own; every client has its own connections to it, as another process would.</summary>
public sealed class EmbeddedFixture : StoreFixture
{
    public string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("configclients-").FullName, "store", "shared.db");

    public override void Choose(ConfigStoreBuilder builder) => builder.UseEmbedded(options => options.Path = Path);

    public override ValueTask DisposeAsync()
    {
        Directory.GetParent(Path)!.Parent!.Delete(recursive: true);
        return base.DisposeAsync();
    }
}
