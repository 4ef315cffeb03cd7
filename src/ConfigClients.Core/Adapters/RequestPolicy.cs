using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ConfigClients.Adapters;

/// <summary>One deadline per call, and retries for what provably did not take effect. Thread-safe.</summary>
/// <remarks>
/// An attempt says by <see cref="StoreException.MayHaveApplied"/> whether it may have taken effect; reads always say no.
/// Only transient failures that say no are tried again. The attempt itself moves on to the next endpoint.
/// </remarks>
[Experimental("CONFIGCLIENTS001")]
public sealed class RequestPolicy
{
    private readonly string _store;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Built when something fails for the first time: a start that goes well does not even load it. A Lazy would, by its type argument.
    private ResiliencePipeline? _retry;
    private CancellationTokenSource? _spare;

    /// <summary>Makes a policy.</summary>
    /// <param name="store">The kind of store, for metrics.</param>
    /// <param name="timeout">Longest wait for one call, retries included.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For retries.</param>
    public RequestPolicy(string store, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _store = store;
        _timeout = timeout;
        _time = time;
        _logger = logger;
    }

    /// <summary>Carries out one call.</summary>
    /// <typeparam name="TState">What the attempt needs.</typeparam>
    /// <typeparam name="T">What it returns.</typeparam>
    /// <param name="attempt">One attempt. Throws <see cref="StoreException"/> for every failure but cancellation.</param>
    /// <param name="state">Handed to the attempt.</param>
    /// <param name="isWrite">Whether an attempt that is cut off may have taken effect.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The attempt's answer.</returns>
    /// <exception cref="StoreException"><see cref="StoreError.Unavailable"/> when the deadline passes; or what the attempt threw.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> ExecuteAsync<TState, T>(
        Func<TState, CancellationToken, ValueTask<T>> attempt, TState state, bool isWrite, CancellationToken cancellationToken)
    {
        CancellationTokenSource deadline = RentDeadline();
        try
        {
            using CancellationTokenRegistration link = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
            StoreException failure;
            try
            {
                // The first attempt goes past the retry machinery: it costs what the attempt costs.
                return await attempt(state, deadline.Token).ConfigureAwait(false);
            }
            catch (StoreException e) when (MayRetry(e) && !deadline.IsCancellationRequested)
            {
                failure = e;
            }
            catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw TooLate(mayHaveApplied: isWrite, e);
            }

            return await RetryAsync(attempt, state, isWrite, failure, deadline, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Return(deadline);
        }
    }

    private async ValueTask<T> RetryAsync<TState, T>(
        Func<TState, CancellationToken, ValueTask<T>> attempt,
        TState state,
        bool isWrite,
        StoreException failure,
        CancellationTokenSource deadline,
        CancellationToken cancellationToken)
    {
        bool underWay = false;
        StoreException last = failure;
        try
        {
            TimeSpan wait = failure.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : TimeSpan.Zero;
            Report(_store, _logger, failure, wait, 2);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, deadline.Token).ConfigureAwait(false);
            }

            ResiliencePipeline retry = LazyInitializer.EnsureInitialized(ref _retry, () => BuildRetry(_store, _time, _logger));
            return await retry.ExecuteAsync(
                async token =>
                {
                    underWay = true;
                    try
                    {
                        return await attempt(state, token).ConfigureAwait(false);
                    }
                    catch (StoreException e)
                    {
                        // It failed and says so itself; what follows is waiting.
                        underWay = false;
                        last = e;
                        throw;
                    }
                },
                deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw underWay
                ? TooLate(isWrite, e)
                : new StoreException(last.Error, $"{last.Message} Tried for {_timeout.TotalSeconds} s.", innerException: last) { RetryAfter = last.RetryAfter };
        }
    }

    private static ResiliencePipeline BuildRetry(string store, TimeProvider time, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(MayRetry(arguments.Outcome.Exception)),
                MaxRetryAttempts = 6,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as StoreException)?.RetryAfter),
                OnRetry = arguments =>
                {
                    // Counted from 0, after a first attempt that did not come this way.
                    Report(store, logger, arguments.Outcome.Exception, arguments.RetryDelay, arguments.AttemptNumber + 3);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private StoreException TooLate(bool mayHaveApplied, OperationCanceledException cause) =>
        new(StoreError.Unavailable, $"The store did not answer within {_timeout.TotalSeconds} s.", mayHaveApplied, cause);

    private CancellationTokenSource RentDeadline()
    {
        CancellationTokenSource? spare = Interlocked.Exchange(ref _spare, null);
        if (spare is null)
        {
            return new CancellationTokenSource(_timeout, _time);
        }

        spare.CancelAfter(_timeout);
        return spare;
    }

    private void Return(CancellationTokenSource deadline)
    {
        // One spare serves a caller that makes one call after another; a deadline that has passed cannot be used again.
        if (!deadline.TryReset() || Interlocked.CompareExchange(ref _spare, deadline, null) is not null)
        {
            deadline.Dispose();
        }
    }

    private static bool MayRetry(Exception? exception) => exception is StoreException { IsTransient: true, MayHaveApplied: false };

    private static void Report(string store, ILogger logger, Exception? failure, TimeSpan wait, int attempt)
    {
        Telemetry.RecordRetry(store);
        Log.Retrying(logger, failure is StoreException e ? Telemetry.Name(e.Error) : "", wait.TotalMilliseconds, attempt);
    }
}
