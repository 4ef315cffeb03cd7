using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

/// <summary>A file of its own; every client has its own connections to it, as another process would.</summary>
public sealed class EmbeddedFixture : StoreFixture
{
    public string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("configclients-").FullName, "store", "shared.db");

    public override ValueTask<IConfigStore> OpenAsync(Action<ConfigStoreBuilder>? configure = null)
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseEmbedded(options => options.Path = Path);
        configure?.Invoke(builder);
        return ValueTask.FromResult(builder.Build());
    }

    public override ValueTask DisposeAsync()
    {
        Directory.GetParent(Path)!.Parent!.Delete(recursive: true);
        return base.DisposeAsync();
    }
}
