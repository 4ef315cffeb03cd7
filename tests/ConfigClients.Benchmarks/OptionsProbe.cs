using ConfigClients.Benchmarks.Duels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ConfigClients.Benchmarks;

/// <summary>A host as an application has it: from the call of the write to the callback of <see cref="IOptionsMonitor{TOptions}"/>.</summary>
internal static class OptionsProbe
{
    public static async Task<double> RunAsync(Uri endpoint, string prefix, int changes)
    {
        ChangeLatency latency = new(changes);
        using BareConsul writer = new(endpoint);
        await writer.PutAsync($"{prefix}/number", "-1"u8.ToArray());
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddDistributedConfig(options =>
        {
            options.Store.UseConsul(consul => consul.Endpoints.Add(endpoint));
            options.Prefix = prefix;
            options.CoalesceWindow = TimeSpan.Zero;
        });
        builder.Services.Configure<NumberOptions>(builder.Configuration);
        using IHost host = builder.Build();
        await host.StartAsync();
        IOptionsMonitor<NumberOptions> monitor = host.Services.GetRequiredService<IOptionsMonitor<NumberOptions>>();
        using IDisposable? callback = monitor.OnChange(options => latency.Saw(options.Number));
        double median = await latency.RunAsync(number => ConsulWatches.WriteAsync(writer, prefix, number));
        await host.StopAsync();
        return median;
    }
}
