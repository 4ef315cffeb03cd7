using ConfigClients.DistributedLocks;
using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection;

namespace ConfigClients;

/// <summary>Makes the locks of <c>Medallion.Threading</c> available to an application, on its store.</summary>
public static class DistributedLockExtensions
{
    /// <summary>
    /// Registers <see cref="IDistributedLockProvider"/>, <see cref="IDistributedReaderWriterLockProvider"/> and <see cref="IDistributedSemaphoreProvider"/> over the service
    /// <see cref="IConfigStore"/>: the one line to change when you come from another DistributedLock package.
    /// </summary>
    /// <param name="services">The services. Needs <see cref="IConfigStore"/> among them, as <c>AddDistributedConfig()</c> brings it, when a provider is first asked for.</param>
    /// <param name="configure">Sets prefix and session. Default: nothing is set.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddDistributedLocks(this IServiceCollection services, Action<ConfigStoreLockOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(provider =>
        {
            ConfigStoreLockOptions options = new();
            configure?.Invoke(options);
            return new ConfigStoreLockProvider(provider.GetRequiredService<IConfigStore>(), options);
        });
        services.AddSingleton<IDistributedLockProvider>(static provider => provider.GetRequiredService<ConfigStoreLockProvider>());
        services.AddSingleton<IDistributedReaderWriterLockProvider>(static provider => provider.GetRequiredService<ConfigStoreLockProvider>());
        services.AddSingleton<IDistributedSemaphoreProvider>(static provider => provider.GetRequiredService<ConfigStoreLockProvider>());
        return services;
    }

    /// <summary>The token that rises from holder to holder, which no other package of the family has.</summary>
    /// <param name="handle">What a <see cref="ConfigStoreLockProvider"/> gave. A handle of several locks at once has none.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ArgumentException">The handle is from another provider, or of several locks.</exception>
    public static long GetFencingToken(this IDistributedSynchronizationHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return handle is StoreLockHandle { Hold: { } hold }
            ? hold.FencingToken
            : throw new ArgumentException($"A {handle.GetType().Name} has no fencing token; a handle of ConfigStoreLockProvider for one lock has.", nameof(handle));
    }
}
