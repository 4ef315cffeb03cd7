using ConfigClients;
using ConfigClients.Recipes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// dotnet run                                     works as the leader, or shows who leads; with nobody at the keyboard it then ends
// dotnet run -- --stay                           goes on; start several, in as many terminals, then end or kill the one that works
// dotnet run -- --store consul://127.0.0.1:8500  the same on Consul; also etcd://127.0.0.1:2379 or zookeeper://127.0.0.1
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--store"] = "DistributedConfig:Address" });
builder.AddDistributedConfig(options =>
{
    options.Store.UseConsul().UseEtcd().UseZooKeeper();
    options.Prefix = "samples/leader-worker/configuration";
    options.AllowEmpty = true;
});
builder.Services.AddLeaderService<Ticker>("samples/leader-worker/election", options =>
{
    options.Payload = System.Text.Encoding.UTF8.GetBytes($"process {Environment.ProcessId}");
    options.SessionTtl = TimeSpan.FromSeconds(10);
});
using IHost host = builder.Build();
IConfigStore store = host.Services.GetRequiredService<IConfigStore>();
IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

await host.StartAsync();
Console.WriteLine($"Store: {store.Kind}. This is process {Environment.ProcessId}.");
try
{
    // Everybody can see who leads, also who is no candidate.
    await foreach (Leader? leader in store.CreateElection("samples/leader-worker/election").ObserveAsync(lifetime.ApplicationStopping))
    {
        Console.WriteLine(leader is null ? "Nobody leads." : $"Leader: {System.Text.Encoding.UTF8.GetString(leader.Payload.Span)}, term {leader.Term}.");
        if (leader is not null && Console.IsInputRedirected && !args.Contains("--stay"))
        {
            break;
        }
    }
}
catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
{
    Console.WriteLine("Stopping.");
}

await host.StopAsync();
