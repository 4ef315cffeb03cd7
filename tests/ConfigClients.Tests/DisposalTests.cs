using System.Diagnostics;
using ConfigClients.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ConfigClients.Tests;

/// <summary>F52: whoever disposes from inside a change callback would wait for the feed that waits for the callback.</summary>
public sealed class DisposalTests
{
    /// <summary>Less than the time-out after which a blocked callback is given up: that must not be what helped.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task A_host_disposed_from_inside_a_change_callback_does_not_deadlock(int windowMs, bool throughToken)
    {
        using CancellationTokenSource ends = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddDistributedConfig(options => (options.Address, options.CoalesceWindow) = ("embedded::memory:", TimeSpan.FromMilliseconds(windowMs)));
        builder.Services.Configure<HostTests.Shop>(builder.Configuration.GetSection("shop"));
        IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        IConfigStore store = host.Services.GetRequiredService<IConfigStore>();
        TaskCompletionSource<TimeSpan> took = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IOptionsMonitor<HostTests.Shop>>().OnChange(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            (throughToken ? ends.Cancel : (Action)host.Dispose)();
            took.TrySetResult(Stopwatch.GetElapsedTime(start));
        });
        using CancellationTokenRegistration end = ends.Token.Register(host.Dispose);

        await store.SetAsync("shop/name", "north", cancellationToken: Cancelled);

        Assert.InRange(await took.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled), TimeSpan.Zero, AtOnce);
        await Eventually.ReadAsync<Exception?>(
            async () => await Record.ExceptionAsync(async () => await store.GetAsync("shop/name", Cancelled)), failure => failure is ObjectDisposedException);
    }

    [Fact]
    public async Task A_host_that_a_change_callback_has_stopped_and_disposed_meanwhile_does_not_deadlock()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddDistributedConfig(options => (options.Address, options.CoalesceWindow) = ("embedded::memory:", TimeSpan.Zero));
        builder.Services.Configure<HostTests.Shop>(builder.Configuration.GetSection("shop"));
        IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        TaskCompletionSource<Task> ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IOptionsMonitor<HostTests.Shop>>().OnChange(_ => ending.TrySetResult(Task.Run(async () =>
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        })));

        await host.Services.GetRequiredService<IConfigStore>().SetAsync("shop/name", "north", cancellationToken: Cancelled);

        await (await ending.Task.WaitAsync(Eventually.Deadline, Cancelled)).WaitAsync(AtOnce, Cancelled);
    }

    [Fact]
    public async Task A_configuration_disposed_from_inside_a_change_callback_does_not_deadlock()
    {
        using FakeConfig config = new(options => options.CoalesceWindow = TimeSpan.Zero, ("a", "1"));
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable registration = Microsoft.Extensions.Primitives.ChangeToken.OnChange(config.Root.GetReloadToken, () =>
        {
            config.Dispose();
            done.TrySetResult();
        });

        config.Store.Push(("a", "2"));

        await done.Task.WaitAsync(AtOnce, Cancelled);
    }
}
