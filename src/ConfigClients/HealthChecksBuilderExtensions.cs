using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfigClients;

/// <summary>Adds the distributed configuration to an application's health.</summary>
public static class HealthChecksBuilderExtensions
{
    /// <summary>Adds a check: degraded or unhealthy by how long the configuration has been out of date, degraded while anything is rejected.</summary>
    /// <param name="builder">The builder, from <c>AddHealthChecks()</c>.</param>
    /// <param name="configure">Sets the thresholds. Default: 30 s and 15 min.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags, to choose by. Default: none.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is negative, or the second is below the first.</exception>
    public static IHealthChecksBuilder AddDistributedConfig(
        this IHealthChecksBuilder builder, Action<StoreHealthOptions>? configure = null, string name = "distributed-config", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        StoreHealthOptions options = new();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DegradedAfter, TimeSpan.Zero);
        if (options.UnhealthyAfter != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(options.UnhealthyAfter, options.DegradedAfter);
        }

        return builder.Add(new HealthCheckRegistration(
            name, services => new StoreHealthCheck(services.GetRequiredService<IDistributedConfigStatus>(), options), failureStatus: null, tags));
    }
}
