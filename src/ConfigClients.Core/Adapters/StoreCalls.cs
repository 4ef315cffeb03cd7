using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Adapters;

/// <summary>Runs the calls and the watches of one store until it stops, and says of each that was cut short who did it. Thread-safe.</summary>
/// <remarks>A call that was cut short by the store's end throws <see cref="ObjectDisposedException"/>, one by its caller's token that token's exception.</remarks>
[Experimental("CONFIGCLIENTS001")]
public sealed class StoreCalls : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly RequestPolicy _policy;
    private readonly string _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Makes them.</summary>
    /// <param name="store">The kind of store, for metrics.</param>
    /// <param name="timeout">Longest wait for one call, retries included.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For retries and outages.</param>
    public StoreCalls(string store, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _policy = new RequestPolicy(store, timeout, time, logger);
    }

    /// <summary>Cancelled when the store stops.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Carries out one call, by the rules of <see cref="RequestPolicy"/>.</summary>
    /// <typeparam name="TState">What the attempt needs.</typeparam>
    /// <typeparam name="T">What it returns.</typeparam>
    /// <param name="attempt">One attempt. Throws <see cref="StoreException"/> for every failure but cancellation.</param>
    /// <param name="state">Handed to the attempt.</param>
    /// <param name="isWrite">Whether an attempt that is cut off may have taken effect.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The attempt's answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> RunAsync<TState, T>(
        Func<TState, CancellationToken, ValueTask<T>> attempt, TState state, bool isWrite, CancellationToken cancellationToken)
    {
        // A token of the caller's costs a linked one; without it, the store's own will do.
        using CancellationTokenSource? either = cancellationToken.CanBeCanceled ? Link(cancellationToken) : null;
        try
        {
            return await _policy.ExecuteAsync(attempt, state, isWrite, either?.Token ?? _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            throw Ended(e, cancellationToken);
        }
    }

    /// <summary>Carries out one last call, for a session that ends: also while the store stops, and with nothing thrown for what the store itself will make good.</summary>
    /// <typeparam name="TState">What the attempt needs.</typeparam>
    /// <param name="attempt">One attempt.</param>
    /// <param name="state">Handed to the attempt.</param>
    /// <returns>Why it failed; null if it did not.</returns>
    public async ValueTask<string?> TryEndAsync<TState>(Func<TState, CancellationToken, ValueTask<bool>> attempt, TState state)
    {
        try
        {
            await _policy.ExecuteAsync(attempt, state, isWrite: false, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is StoreException or ObjectDisposedException or OperationCanceledException)
        {
            return e.Message;
        }
    }

    /// <summary>Waits for something for as long as it takes: an attempt that was cut off is made again.</summary>
    /// <typeparam name="TState">What the attempt needs.</typeparam>
    /// <param name="attempt">Ends when it has come about, or when it can no longer tell. Throws <see cref="StoreException"/> for every failure but cancellation.</param>
    /// <param name="state">Handed to the attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>When an attempt has said that it has come about.</returns>
    public async ValueTask WaitAsync<TState>(Func<TState, CancellationToken, ValueTask<bool>> attempt, TState state, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = Link(cancellationToken);
        Backoff backoff = new(TimeSpan.FromMilliseconds(250), LongestPause, Random.Shared);
        try
        {
            long since = _time.GetTimestamp();
            for (; !await TryAsync().ConfigureAwait(false); since = _time.GetTimestamp())
            {
                if (_time.GetElapsedTime(since) > LongestPause)
                {
                    // It waited well until then.
                    backoff.Reset();
                }

                await Task.Delay(backoff.Next(), _time, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            throw Ended(e, cancellationToken);
        }

        async ValueTask<bool> TryAsync()
        {
            try
            {
                return await attempt(state, either.Token).ConfigureAwait(false);
            }
            catch (StoreException e) when (e.IsTransient)
            {
                return false;
            }
        }
    }

    /// <summary>Makes a watch of a source.</summary>
    /// <param name="source">Notices the changes.</param>
    /// <param name="prefix">What is watched.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The batches.</returns>
    public async IAsyncEnumerable<WatchBatch> WatchAsync(
        IWatchSource source, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        WatchLoop loop = new(source, _store, prefix, _time, _logger);
        using CancellationTokenSource either = Link(cancellationToken);
        IAsyncEnumerator<WatchBatch> batches = loop.RunAsync(either.Token).GetAsyncEnumerator(either.Token);
        await using ConfiguredAsyncDisposable ending = batches.ConfigureAwait(false);
        while (await MoveAsync().ConfigureAwait(false))
        {
            yield return batches.Current;
        }

        async ValueTask<bool> MoveAsync()
        {
            try
            {
                return await batches.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                throw Ended(e, cancellationToken);
            }
        }
    }

    /// <summary>Cuts short whatever is under way, and everything that comes.</summary>
    /// <returns>When everybody was told.</returns>
    public async ValueTask DisposeAsync() =>

        // The source itself is not disposed: calls that are on their way out still look at it.
        await _stop.CancelAsync().ConfigureAwait(false);

    private CancellationTokenSource Link(CancellationToken cancellationToken) =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);

    private Exception Ended(Exception cause, CancellationToken cancellationToken) =>
        _stop.IsCancellationRequested ? new ObjectDisposedException(nameof(IConfigStore), cause)
        : cancellationToken.IsCancellationRequested ? new OperationCanceledException(cause.Message, cause, cancellationToken)
        : cause;
}
