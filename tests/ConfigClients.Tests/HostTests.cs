using ConfigClients.Conformance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ConfigClients.Tests;

public sealed class HostTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Monitor_and_snapshot_follow_the_store_in_a_worker()
    {
        using TemporaryFile file = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddDistributedConfig(options => (options.Address, options.CoalesceWindow) = ($"embedded:{file.Path}", TimeSpan.Zero));
        builder.Services.Configure<Shop>(builder.Configuration.GetSection("shop"));
        builder.Services.AddHealthChecks().AddDistributedConfig();
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        TaskCompletionSource<Shop> changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable? subscription = host.Services.GetRequiredService<IOptionsMonitor<Shop>>().OnChange(shop => changed.TrySetResult(shop));

        IConfigStore store = host.Services.GetRequiredService<IConfigStore>();
        await store.SetAsync("shop.json", """{"name":"north","open":true}""", cancellationToken: Cancelled);

        Shop shop = await changed.Task.WaitAsync(Eventually.Deadline, Cancelled);
        Assert.Equal(("north", true), (shop.Name, shop.Open));
        using IServiceScope scope = host.Services.CreateScope();
        Assert.Equal("north", scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<Shop>>().Value.Name);
        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);
        Assert.Equal(HealthStatus.Healthy, health.Status);
    }

    [Fact]
    public async Task A_request_sees_what_the_store_says_now_without_anyone_asking_for_it()
    {
        using TemporaryFile file = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddDistributedConfig(options => (options.Address, options.CoalesceWindow) = ($"embedded:{file.Path}", TimeSpan.Zero));
        builder.Services.Configure<Shop>(builder.Configuration.GetSection("shop"));
        await using WebApplication app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.RequestServices.GetRequiredService<IOptionsSnapshot<Shop>>().Value.Name));
        await app.StartAsync(Cancelled);
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal("", await client.GetStringAsync("/", Cancelled));

        IConfigStore store = app.Services.GetRequiredService<IConfigStore>();
        await store.SetAsync("shop/name", "north", cancellationToken: Cancelled);

        await Eventually.ReadAsync(() => client.GetStringAsync("/", Cancelled), answer => answer == "north");
        await app.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetAsync("shop/name", Cancelled));
    }

    [Fact]
    public void The_configuration_overrides_the_address_that_code_gave()
    {
        using TemporaryFile file = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DistributedConfig:Address"] = $"embedded:{file.Path}" });

        builder.AddDistributedConfig(options => options.Address = "nobody-knows-this:");

        ((IDisposable)builder.Configuration).Dispose();
        Assert.True(File.Exists(file.Path));
    }

    [Fact]
    public async Task Two_keys_of_one_commit_are_never_bound_apart()
    {
        using TemporaryFile file = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddDistributedConfig(options => (options.Address, options.CoalesceWindow) = ($"embedded:{file.Path}", TimeSpan.FromMilliseconds(1)));
        builder.Services.Configure<Pair>(builder.Configuration.GetSection("pair"));
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        int torn = 0;
        IOptionsMonitor<Pair> monitor = host.Services.GetRequiredService<IOptionsMonitor<Pair>>();
        using IDisposable? subscription = monitor.OnChange(pair => torn += pair.Left == pair.Right ? 0 : 1);

        IConfigStore store = host.Services.GetRequiredService<IConfigStore>();
        for (int i = 1; i <= 200; i++)
        {
            byte[] value = System.Text.Encoding.UTF8.GetBytes($"{i}");
            await store.CommitAsync(new Transaction().Set("pair/left", value).Set("pair/right", value), Cancelled);
        }

        await Eventually.HoldsAsync(() => monitor.CurrentValue.Right == 200);
        Assert.Equal(0, torn);
    }

    public sealed class Shop
    {
        public string Name { get; set; } = "";

        public bool Open { get; set; }
    }

    public sealed class Pair
    {
        public int Left { get; set; }

        public int Right { get; set; }
    }
}
