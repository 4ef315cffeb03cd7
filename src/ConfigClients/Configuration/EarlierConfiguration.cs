using Microsoft.Extensions.Configuration;

namespace ConfigClients.Configuration;

/// <summary>What a builder would give if it were built now, to read this source's own options from.</summary>
internal sealed class EarlierConfiguration : IDisposable
{
    private readonly List<IConfigurationProvider> _providers = [];

    public EarlierConfiguration(IConfigurationBuilder builder)
    {
        if (builder is IConfiguration manager)
        {
            Root = manager;
            return;
        }

        // Not another store: it would be opened and read for nothing.
        foreach (IConfigurationSource source in builder.Sources.Where(source => source is not DistributedConfigSource))
        {
            _providers.Add(source.Build(builder));
        }

        Root = new ConfigurationRoot(_providers);
    }

    /// <summary>The configuration.</summary>
    public IConfiguration Root { get; }

    public void Dispose()
    {
        // Not the root: it would dispose chained configurations as well, and those are somebody else's.
        foreach (IDisposable provider in _providers.Where(provider => provider is not ChainedConfigurationProvider).OfType<IDisposable>())
        {
            provider.Dispose();
        }
    }
}
