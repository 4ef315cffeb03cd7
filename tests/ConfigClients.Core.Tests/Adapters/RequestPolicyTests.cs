using ConfigClients.Adapters;
using ConfigClients.Conformance;
using ConfigClients.Core.Tests.Simulation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class RequestPolicyTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ObservedTimeProvider _time = new();

    private int _attempts;

    [Fact]
    public async Task What_was_not_applied_is_tried_again()
    {
        int answer = await RunAsync(isWrite: true, _ => _attempts < 3 ? throw new StoreException(StoreError.Unavailable, "refused") : 42);

        Assert.Equal((42, 3), (answer, _attempts));
    }

    [Fact]
    public async Task What_may_have_been_applied_is_never_sent_again()
    {
        StoreException unknown = new(StoreError.Unavailable, "cut", mayHaveApplied: true);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => RunAsync(isWrite: true, _ => throw unknown));

        Assert.Equal((unknown, 1), (failure, _attempts));
    }

    [Fact]
    public async Task What_may_have_been_applied_on_a_later_attempt_is_not_sent_again_either()
    {
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => RunAsync(
            isWrite: true, _ => throw new StoreException(StoreError.Unavailable, "cut", mayHaveApplied: _attempts == 2)));

        Assert.Equal((true, 2), (failure.MayHaveApplied, _attempts));
    }

    [Theory]
    [InlineData(StoreError.Denied)]
    [InlineData(StoreError.InvalidRequest)]
    [InlineData(StoreError.SessionEnded)]
    [InlineData(StoreError.StoreFull)]
    public async Task What_does_not_pass_by_itself_is_not_tried_again(StoreError error)
    {
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => RunAsync(isWrite: false, _ => throw new StoreException(error, "no")));

        Assert.Equal((error, 1), (failure.Error, _attempts));
    }

    [Fact]
    public async Task Retries_end_and_the_last_failure_is_told()
    {
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => RunAsync(isWrite: false, _ => throw new StoreException(StoreError.Unavailable, $"attempt {_attempts}")));

        Assert.Equal(StoreError.Unavailable, failure.Error);
        Assert.InRange(_attempts, 2, 8);
        Assert.False(failure.MayHaveApplied);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_is_not_answered_ends_at_the_deadline(bool isWrite)
    {
        Task<int> call = Policy().ExecuteAsync(HangAsync, 0, isWrite, TestContext.Current.CancellationToken).AsTask();

        _time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        bool early = call.IsCompleted;
        _time.Advance(TimeSpan.FromMilliseconds(1));
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => call.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));

        Assert.False(early);
        Assert.Equal((StoreError.Unavailable, isWrite), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task A_deadline_that_passes_between_attempts_applied_nothing()
    {
        StoreException later = new(StoreError.Throttled, "later") { RetryAfter = TimeSpan.FromMinutes(1) };
        Task<int> call = Policy().ExecuteAsync<int, int>((_, _) => throw later, 0, isWrite: true, TestContext.Current.CancellationToken).AsTask();

        await _time.UntilTimersAsync(2);
        _time.Advance(Timeout);
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => call.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));

        Assert.False(failure.MayHaveApplied);
    }

    [Fact]
    public async Task A_store_that_asks_to_wait_is_given_the_time()
    {
        StoreException later = new(StoreError.Throttled, "later") { RetryAfter = TimeSpan.FromSeconds(2) };
        Task<int> call = Policy().ExecuteAsync((_, _) => ++_attempts < 2 ? throw later : ValueTask.FromResult(42), 0, isWrite: false, TestContext.Current.CancellationToken).AsTask();

        await _time.UntilTimersAsync(2);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        int early = _attempts;
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((1, 42), (early, await call.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Every_retry_is_logged_with_the_attempt_it_leads_to()
    {
        CapturedLog log = new();

        await RunAsync(isWrite: false, _ => _attempts < 4 ? throw new StoreException(StoreError.Unavailable, "refused") : 42, log);

        Assert.Equal(["(attempt 2)", "(attempt 3)", "(attempt 4)"], log.Lines.Select(static line => System.Text.RegularExpressions.Regex.Match(line, "\\(attempt [0-9]+\\)").Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_callers_cancellation_is_an_operation_cancelled_exception(bool isWrite)
    {
        using CancellationTokenSource cancel = new();
        Task<int> call = Policy().ExecuteAsync(HangAsync, 0, isWrite, cancel.Token).AsTask();

        await cancel.CancelAsync();

        OperationCanceledException failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));
        Assert.Equal(cancel.Token, failure.CancellationToken);
    }

    private static async ValueTask<int> HangAsync(int state, CancellationToken cancellationToken)
    {
        await Task.Delay(System.Threading.Timeout.Infinite, cancellationToken);
        return state;
    }

    private RequestPolicy Policy() => new("simulated", Timeout, _time, NullLogger.Instance);

    /// <summary>On a clock where waits are over at once, and the deadline of a minute never comes.</summary>
    private Task<int> RunAsync(bool isWrite, Func<CancellationToken, int> attempt, ILogger? logger = null) =>
        new RequestPolicy("simulated", TimeSpan.FromMinutes(1), new HastyTimeProvider(), logger ?? NullLogger.Instance).ExecuteAsync(
            (_, token) =>
            {
                _attempts++;
                return ValueTask.FromResult(attempt(token));
            },
            0,
            isWrite,
            TestContext.Current.CancellationToken).AsTask();
}
