using System.Diagnostics;
using ConfigClients;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

// dotnet run                                     changes a value and shows the callback; then waits, if there is somebody to wait for
// dotnet run -- set greeting hello               changes a value from another terminal
// dotnet run -- --store consul://127.0.0.1:8500  the same on Consul; credentials come from CONSUL_HTTP_TOKEN, never from the address
// dotnet run -- --store etcd://127.0.0.1:2379    the same on etcd; credentials come from ETCDCTL_USER
// dotnet run -- --store zookeeper://127.0.0.1    the same on ZooKeeper; credentials come from ZOOKEEPER_AUTH
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--store"] = "DistributedConfig:Address" });
builder.AddDistributedConfig(options =>
{
    options.Store.UseConsul().UseEtcd().UseZooKeeper();
    options.Prefix = "quickstart";
    options.CoalesceWindow = TimeSpan.Zero; // show every change at once
    options.AllowEmpty = true;
});
builder.Services.Configure<Greeting>(builder.Configuration);
using IHost host = builder.Build();
IConfigStore store = host.Services.GetRequiredService<IConfigStore>();

if (args is ["set", string key, string value, ..])
{
    await store.SetAsync($"quickstart/{key}", value);
    Console.WriteLine($"{key} is set in the {store.Kind} store.");
    return;
}

await host.StartAsync();
IOptionsMonitor<Greeting> monitor = host.Services.GetRequiredService<IOptionsMonitor<Greeting>>();
TaskCompletionSource<long> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
string text = $"hello at {DateTime.Now:HH:mm:ss.fff}";
using IDisposable? subscription = monitor.OnChange(options =>
{
    Console.WriteLine($"OnChange: greeting is \"{options.Text}\"");
    seen.TrySetResult(Stopwatch.GetTimestamp());
});

Console.WriteLine($"Store: {store.Kind}. Greeting: \"{monitor.CurrentValue.Text}\".");
long start = Stopwatch.GetTimestamp();
await store.SetAsync("quickstart/greeting", text);
long written = Stopwatch.GetTimestamp();
long called = await seen.Task.WaitAsync(TimeSpan.FromSeconds(10));
Console.WriteLine($"Written in {Stopwatch.GetElapsedTime(start, written).TotalMilliseconds:F1} ms; " +
    $"the callback ran {Stopwatch.GetElapsedTime(start, called).TotalMilliseconds:F1} ms after the write began.");

Console.WriteLine("The same on Consul: dotnet run --project samples/Quickstart -- --store consul://127.0.0.1:8500");
if (args.Contains("--stay") || !Console.IsInputRedirected)
{
    Console.WriteLine("Now, in a second terminal: dotnet run --project samples/Quickstart -- set greeting hello     (Ctrl+C ends this one)");
    await host.WaitForShutdownAsync();
}
