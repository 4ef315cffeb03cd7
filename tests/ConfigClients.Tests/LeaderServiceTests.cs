using ConfigClients.Conformance;
using ConfigClients.Conformance.Leading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Tests;

/// <summary>What a leader service does by itself, and what the host does with it.</summary>
public sealed class LeaderServiceTests : IAsyncDisposable
{
    private const string Election = "elections/a";

    private readonly FakeTimeProvider _time = new();
    private readonly LeaderStage _stage = new();
    private readonly CapturedLog _log = new();
    private readonly IConfigStore _store = new ConfigStoreBuilder().UseEmbedded(options => options.InMemory = true).Build();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_throws_is_logged_and_it_works_again_after_a_pause()
    {
        _stage.Act = (lead, stopping) => _stage.Leads.Count == 1 ? throw new InvalidOperationException("no such table") : Task.Delay(Timeout.Infinite, stopping);
        using IHost host = await StartAsync();
        await Eventually.HoldsAsync(() => _log.Lines.Any(static line => line.StartsWith("Error ServiceFailed", StringComparison.Ordinal)));

        await Eventually.GoneAsync(_store, _stage.Leads[0].Hold.SeatKey);
        int before = _stage.Leads.Count;
        await PauseAsync(2);

        Assert.Equal((1, 1, (2, 1)), (before, _stage.Most, _stage.Count));
        Assert.Contains(_log.Lines, static line => line.StartsWith("Error ServiceFailed", StringComparison.Ordinal) && line.Contains("no such table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_returns_resigns_without_an_error_and_works_again_after_a_pause()
    {
        _stage.Act = static (_, _) => Task.CompletedTask;
        using IHost host = await StartAsync();

        await PauseAsync(3);

        Assert.DoesNotContain(_log.Lines, static line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Equal(_stage.Leads.Select(static lead => lead.Term).Order().Distinct(), _stage.Leads.Select(static lead => lead.Term));
    }

    [Fact]
    public async Task Pauses_grow_while_it_keeps_failing()
    {
        DueTimes time = new();
        _stage.Act = static (_, _) => throw new InvalidOperationException();
        using IHost host = await LeaderHosts.StartAsync(
            _store, Election, _stage, options => (options.TimeProvider, options.BackOff, options.MaxBackOff) = (time, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40)));

        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return time.Longest is { TotalSeconds: >= 20 and <= 60 };
        });

        Assert.InRange(_stage.Leads.Count, 5, 60);
    }

    [Fact]
    public async Task A_host_that_stops_resigns_at_once_and_leaves_no_seat()
    {
        using IHost host = await StartAsync();
        await _stage.LeadAsync(1);

        await host.StopAsync(Stop);

        Assert.Empty((await _store.ListAsync(Election, Stop)).Entries);
        Assert.Equal((0, (1, 1)), (_stage.Inside, _stage.Count));
    }

    [Fact]
    public async Task A_host_that_gives_up_waiting_keeps_the_lead_as_long_as_the_service_works()
    {
        TaskCompletionSource enough = new();
        _stage.Act = (_, _) => enough.Task;
        using IHost host = await StartAsync();
        await _stage.LeadAsync(1);

        using CancellationTokenSource impatience = new(TimeSpan.FromMilliseconds(100));
        await host.StopAsync(impatience.Token);
        int seats = (await _store.ListAsync(Election, Stop)).Entries.Count;
        enough.SetResult();

        Assert.Equal(1, seats);
        Assert.Contains(_log.Lines, static line => line.StartsWith("Error NotStopped", StringComparison.Ordinal));
        await Eventually.GoneAsync(_store, _stage.Leads[0].Hold.SeatKey);
    }

    [Fact]
    public async Task Several_leader_services_of_one_host_lead_side_by_side()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(_store).AddSingleton(_stage).AddLeaderService<StagedLeader>("elections/a").AddLeaderService<StagedLeader>("elections/b");
        using IHost host = builder.Build();
        await host.StartAsync(Stop);

        await _stage.LeadAsync(2);

        Assert.Equal(["elections/a", "elections/b"], _stage.Leads.Select(static lead => lead.Hold.Name).Order());
        await host.StopAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _log.Dispose();
    }

    /// <summary>Pauses are random: lets a little time pass with each look.</summary>
    private Task PauseAsync(int leads) => Eventually.HoldsAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return _stage.Leads.Count >= leads;
    });

    private Task<IHost> StartAsync() => LeaderHosts.StartAsync(_store, Election, _stage, options => options.TimeProvider = _time, _log);
}
