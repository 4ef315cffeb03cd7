using System.Diagnostics.CodeAnalysis;
using ConfigClients.Leading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ConfigClients;

/// <summary>Adds work that one host at a time does.</summary>
public static class LeaderServiceExtensions
{
    /// <summary>Adds a service that runs only on the leader: on one of all hosts that say the same election, on the next one when that is gone.</summary>
    /// <remarks>
    /// <para>The store is the service <see cref="IConfigStore"/>, as <c>AddDistributedConfig()</c> brings it.</para>
    /// <para>Unless you registered it yourself, the service is scoped: made anew for each lead.</para>
    /// <para>When the host stops, the service is asked to stop at once; when it has, this host resigns, and the next one leads without waiting for a time-out.</para>
    /// </remarks>
    /// <typeparam name="TService">The service.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="election">The election: a key of the store, such as <c>elections/scheduler</c>, the same on all hosts, each used by one service.</param>
    /// <param name="configure">Payload, TTL, grace, pauses. Faults in them stop the host from starting, all listed.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The election is no key.</exception>
    /// <exception cref="InvalidOperationException">Another leader service of this host uses the election already.</exception>
    public static IServiceCollection AddLeaderService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        this IServiceCollection services, string election, Action<LeaderServiceOptions>? configure = null)
        where TService : class, ILeaderService
    {
        ArgumentNullException.ThrowIfNull(services);
        ConfigKey.Check(election);
        LeaderRegistration registration = new(election, typeof(TService).Name, static provider => provider.GetRequiredService<TService>());
        if (services.Select(static service => service.ImplementationInstance).OfType<LeaderRegistration>().FirstOrDefault(other => other.Election == election) is { } other)
        {
            throw new InvalidOperationException(
                $"{other.ServiceName} uses the election \"{election}\" already: {registration.ServiceName} would wait for it for ever. Give each leader service an election of its own.");
        }

        services.AddSingleton(registration);
        services.TryAddScoped<TService>();
        services.AddOptions<LeaderServiceOptions>(election).Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LeaderServiceOptions>, LeaderServiceOptionsRules>());
        services.AddSingleton<IHostedService>(provider => new LeaderLoop(provider, registration));
        return services;
    }
}
