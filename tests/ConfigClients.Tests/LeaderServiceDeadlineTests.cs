using ConfigClients.Conformance;
using ConfigClients.Conformance.Leading;
using ConfigClients.Recipes;
using Microsoft.Extensions.Hosting;

namespace ConfigClients.Tests;

/// <summary>A lead that runs out, on a clock that the test moves: sessions of 15 s that are never kept up.</summary>
public sealed class LeaderServiceDeadlineTests : IAsyncDisposable
{
    private const string Election = "elections/a";

    private readonly DueTimes _time = new();
    private readonly LeaderStage _stage = new();
    private readonly CapturedLog _log = new();
    private readonly FadingStore _store;

    public LeaderServiceDeadlineTests() =>
        _store = new FadingStore(new ConfigStoreBuilder().UseEmbedded(options => options.InMemory = true).Build(), _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_is_asked_to_stop_while_nobody_else_can_lead_yet()
    {
        TaskCompletionSource<bool> stopped = new();
        _stage.Act = async (lead, stopping) =>
        {
            await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.TrySetResult(lead.IsLeader);
        };
        using IHost host = await StartAsync(options => options.Grace = TimeSpan.FromSeconds(4));
        await _time.AreAsync(TimeSpan.FromSeconds(11));

        _time.Advance(TimeSpan.FromSeconds(10.9));
        bool isEarly = stopped.Task.IsCompleted || _log.Lines.Any(IsWarning);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((false, true), (isEarly, await stopped.Task.WaitAsync(Eventually.Deadline, Stop)));
        await Eventually.HoldsAsync(() => _log.Lines.Any(IsWarning));
        Assert.DoesNotContain(_log.Lines, IsBlame);
    }

    [Fact]
    public async Task A_service_that_goes_on_is_blamed_and_not_started_a_second_time_beside_itself()
    {
        TaskCompletionSource enough = new();
        _stage.Act = (_, _) => enough.Task;
        using IHost host = await StartAsync();
        await _time.AreAsync(TimeSpan.FromSeconds(12));

        _time.Advance(TimeSpan.FromSeconds(12));
        await Eventually.HoldsAsync(() => _log.Lines.Any(IsWarning));
        bool isBlamedEarly = _log.Lines.Any(IsBlame);
        _time.Advance(TimeSpan.FromSeconds(3));
        await Eventually.HoldsAsync(() => _log.Lines.Any(IsBlame));
        _time.Advance(TimeSpan.FromMinutes(5));
        int started = _stage.Count.Made;
        enough.SetResult();
        await Eventually.HoldsAsync(() => MovedOn(() => _stage.Leads.Count > 1));

        Assert.Equal((false, 1, 1), (isBlamedEarly, started, _stage.Most));
        Assert.Single(_log.Lines, IsBlame);
        Assert.True(_stage.Leads[1].Term > _stage.Leads[0].Term);
    }

    [Fact]
    public async Task A_lead_that_was_lost_is_sought_again_under_a_new_session()
    {
        using IHost host = await StartAsync();
        Leadership first = await _stage.LeadAsync(1);
        await _time.AreAsync(TimeSpan.FromSeconds(12));

        _time.Advance(TimeSpan.FromSeconds(15));
        await Eventually.HoldsAsync(() => MovedOn(() => _stage.Leads.Any(lead => lead.Hold.Session != first.Hold.Session)));

        Assert.Equal(1, _stage.Most);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _log.Dispose();
    }

    private static bool IsWarning(string line) => line.Contains("Warning LeadEnds", StringComparison.Ordinal);

    private static bool IsBlame(string line) => line.Contains("Error ServiceOverruns", StringComparison.Ordinal);

    /// <summary>Pauses are random: lets a little time pass with each look.</summary>
    private bool MovedOn(Func<bool> holds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return holds();
    }

    private Task<IHost> StartAsync(Action<LeaderServiceOptions>? configure = null) => LeaderHosts.StartAsync(
        _store,
        Election,
        _stage,
        options =>
        {
            options.TimeProvider = _time;
            configure?.Invoke(options);
        },
        _log);
}
