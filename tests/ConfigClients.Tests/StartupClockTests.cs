using ConfigClients.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ConfigClients.Tests;

public sealed class StartupClockTests : IAsyncDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Brake = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly StoreException Denial = new(StoreError.Denied, "no");

    private readonly DueTimes _time = new();
    private readonly FakeStore _store = new();

    [Fact]
    public async Task A_store_that_says_nothing_is_waited_for_until_the_budget_is_spent()
    {
        Task<IConfigurationRoot> build = Start();

        await AdvanceToAsync(Budget, build);

        Assert.Equal(DistributedConfigErrorKind.Unavailable, await FaultAsync(build));
    }

    [Fact]
    public async Task An_empty_prefix_fails_when_the_brake_is_over()
    {
        _store.SaySnapshot();
        Task<IConfigurationRoot> build = Start();

        await AdvanceToAsync(Brake, build);

        Assert.Equal(DistributedConfigErrorKind.Empty, await FaultAsync(build));
    }

    [Fact]
    public async Task A_bad_document_fails_when_the_brake_is_over()
    {
        _store.Write(("db.json", "{"));
        _store.SaySnapshot();
        Task<IConfigurationRoot> build = Start();

        await AdvanceToAsync(Brake, build);

        Assert.Equal(DistributedConfigErrorKind.InvalidValue, await FaultAsync(build));
    }

    [Fact]
    public async Task A_refusal_fails_when_the_brake_is_over()
    {
        _store.Break(Denial);
        Task<IConfigurationRoot> build = Start();

        await AdvanceToAsync(Brake, build);

        Assert.Equal(DistributedConfigErrorKind.Refused, await FaultAsync(build));
    }

    [Fact]
    public async Task What_is_put_right_before_the_brake_is_over_starts_at_once()
    {
        _store.SaySnapshot();
        Task<IConfigurationRoot> build = Start();
        await _time.AreAsync(Brake);

        _store.Push(("a", "1"));

        using ConfigurationRoot root = (ConfigurationRoot)await build.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal("1", root["a"]);
    }

    [Fact]
    public async Task Optional_waits_for_a_silent_store_until_the_budget_is_spent_and_fills_in_later()
    {
        Task<IConfigurationRoot> build = Start(StartupMode.Optional);
        await AdvanceToAsync(Budget, build);
        using ConfigurationRoot root = (ConfigurationRoot)await build.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        _store.Write(("a", "1"));
        _store.SaySnapshot();

        await Eventually.HoldsAsync(() => root["a"] == "1");
    }

    [Fact]
    public async Task Optional_does_not_wait_once_it_knows_of_a_fault()
    {
        _store.Break(Denial);

        using ConfigurationRoot root = (ConfigurationRoot)await Start(StartupMode.Optional).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        Assert.Empty(root.GetChildren());
    }

    [Fact]
    public async Task A_refresh_fills_in_what_an_optional_start_could_not_have_while_the_watch_is_still_refused()
    {
        _store.Break(Denial);
        using ConfigurationRoot root = (ConfigurationRoot)await Start(StartupMode.Optional).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        await using ServiceProvider services = new ServiceCollection().AddDistributedConfig(root).BuildServiceProvider();
        _store.Write(("a", "1"));

        await services.GetRequiredService<IDistributedConfigRefresher>().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1", root["a"]);
        Assert.Equal(DistributedConfigState.Stale, services.GetRequiredService<IDistributedConfigStatus>().State);
    }

    [Fact]
    public async Task Optional_starts_with_the_good_part_of_what_there_is()
    {
        _store.Write(("db.json", "{"), ("a", "1"));
        _store.SaySnapshot();

        using ConfigurationRoot root = (ConfigurationRoot)await Start(StartupMode.Optional).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal("1", root["a"]);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static async Task<DistributedConfigErrorKind> FaultAsync(Task build) =>
        (await Assert.ThrowsAsync<DistributedConfigException>(() => build.WaitAsync(Eventually.Deadline))).Error.Kind;

    private Task<IConfigurationRoot> Start(StartupMode mode = StartupMode.Required) => Task.Run(() => new ConfigurationBuilder()
        .AddDistributedConfig(options =>
        {
            options.Store.Use(_store);
            options.TimeProvider = _time;
            options.StartupMode = mode;
            options.CoalesceWindow = TimeSpan.Zero;
        })
        .Build());

    private async Task AdvanceToAsync(TimeSpan limit, Task build)
    {
        await _time.AreAsync(limit);
        _time.Advance(limit - Moment);
        Assert.False(build.IsCompleted);
        _time.Advance(Moment);
    }
}
