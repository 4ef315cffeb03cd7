using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Conformance.Leading;

/// <summary>Hosts with a <see cref="StagedLeader"/>.</summary>
public static class LeaderHosts
{
    /// <summary>Starts one.</summary>
    /// <param name="store">The store; stays the test's.</param>
    /// <param name="election">The election.</param>
    /// <param name="stage">What the service does.</param>
    /// <param name="configure">Options. Default: none.</param>
    /// <param name="log">Where it logs. Default: nowhere.</param>
    /// <returns>The host; the test disposes it.</returns>
    public static async Task<IHost> StartAsync(
        IConfigStore store, string election, LeaderStage stage, Action<LeaderServiceOptions>? configure = null, ILoggerFactory? log = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(store).AddSingleton(stage).AddLeaderService<StagedLeader>(election, configure);
        if (log is not null)
        {
            builder.Services.AddSingleton(log);
        }

        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
