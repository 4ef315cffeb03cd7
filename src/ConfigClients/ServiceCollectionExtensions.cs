using ConfigClients.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ConfigClients;

/// <summary>Makes the services of a distributed configuration available to an application.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IConfigStore"/>, <see cref="IDistributedConfigStatus"/> and <see cref="IDistributedConfigRefresher"/> for a
    /// configuration that was built elsewhere. Not needed after <c>AddDistributedConfig()</c> on a host's builder.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">A built configuration with <c>AddDistributedConfig()</c> in it. With several, the last one is taken for single services.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">There is no distributed configuration in it.</exception>
    public static IServiceCollection AddDistributedConfig(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        DistributedConfigSource[] sources = [.. (configuration as IConfigurationRoot)?.Providers.OfType<DistributedConfigProvider>().Select(provider => provider.Source) ?? []];
        if (sources.Length == 0)
        {
            throw new ArgumentException("The configuration holds no AddDistributedConfig().", nameof(configuration));
        }

        foreach (DistributedConfigSource source in sources)
        {
            services.AddDistributedConfig(source);
        }

        return services;
    }

    internal static void AddDistributedConfig(this IServiceCollection services, DistributedConfigSource source)
    {
        StoreLifetime lifetime = new(source);

        // Instances, not factories: the store belongs to the source, and a container disposes what its factories make.
        services.AddSingleton(lifetime.Connection.Store);
        services.AddSingleton<IDistributedConfigStatus>(lifetime.Connection.Sync.Status);
        services.AddSingleton<IDistributedConfigRefresher>(lifetime.Connection);
        services.AddSingleton<IHostedService>(provider => lifetime.Attach(provider));
    }
}
