using System.Reflection;
using ConfigClients.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ConfigClients;

/// <summary>Adds configuration that comes out of a store and follows it.</summary>
public static class DistributedConfigExtensions
{
    /// <summary>
    /// Adds the store to the application's configuration and, as services, <see cref="IConfigStore"/>,
    /// <see cref="IDistributedConfigStatus"/> and <see cref="IDistributedConfigRefresher"/>.
    /// </summary>
    /// <remarks>
    /// Loads before it returns. What the store says comes after, and so before, everything that was added until now: add a source afterwards
    /// to override the store. The store is closed together with the host.
    /// </remarks>
    /// <param name="builder">The builder of a worker or a web application.</param>
    /// <param name="configure">Sets defaults in code; the section <c>DistributedConfig</c> and the environment override them. Default: nothing is set.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="OptionsValidationException">The options are not valid; all faults are listed.</exception>
    /// <exception cref="InvalidOperationException">No store here knows the address.</exception>
    /// <exception cref="DistributedConfigException">The configuration is required and cannot be had.</exception>
    public static IHostApplicationBuilder AddDistributedConfig(
        this IHostApplicationBuilder builder, Action<DistributedConfigOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        DistributedConfigOptions options = new()
        {
            Environment = builder.Environment.EnvironmentName,
            Application = builder.Environment.ApplicationName,
        };
        configure?.Invoke(options);
        DistributedConfigSource source = new(options, DistributedConfigSection.Apply(builder.Configuration, options));
        builder.Configuration.Add(source);
        builder.Services.AddDistributedConfig(source);
        return builder;
    }

    /// <summary>Adds the store to a configuration. For the services see <see cref="ServiceCollectionExtensions"/>.</summary>
    /// <remarks>
    /// A <see cref="ConfigurationManager"/> loads before this returns, any other builder when it is built.
    /// Dispose the configuration to close the store.
    /// </remarks>
    /// <param name="builder">The builder. What was added until now may hold the section <c>DistributedConfig</c>.</param>
    /// <param name="configure">As for a host.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="OptionsValidationException">The options are not valid; all faults are listed.</exception>
    /// <exception cref="DistributedConfigException">The configuration is required and cannot be had.</exception>
    public static IConfigurationBuilder AddDistributedConfig(
        this IConfigurationBuilder builder, Action<DistributedConfigOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        using EarlierConfiguration earlier = new(builder);
        DistributedConfigOptions options = new()
        {
            Environment = earlier.Root[HostDefaults.EnvironmentKey]
                ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                ?? Environments.Production,
            Application = earlier.Root[HostDefaults.ApplicationKey] ?? Assembly.GetEntryAssembly()?.GetName().Name,
        };
        configure?.Invoke(options);
        return builder.Add(new DistributedConfigSource(options, DistributedConfigSection.Apply(earlier.Root, options)));
    }
}
