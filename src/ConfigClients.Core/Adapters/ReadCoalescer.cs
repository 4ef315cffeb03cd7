using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ConfigClients.Adapters;

/// <summary>Lets reads that come while others are under way share one request. A read that is alone goes out alone, at once. Thread-safe.</summary>
/// <remarks>
/// <para>At most two requests are outstanding, by the rule of <see cref="ReadPacing"/>; what comes meanwhile joins the next one. No read joins a request that was sent before it was asked for, so it sees all that it would have seen alone.</para>
/// <para>
/// A caller that gives up leaves the others waiting undisturbed. A shared request that fails for a passing reason fails for all on it, and their own policies decide.
/// One that is refused or too large is read again one by one; a key to blame is read alone from then on, as is one with a large value.
/// </para>
/// </remarks>
/// <typeparam name="T">What a read returns.</typeparam>
[Experimental("CONFIGCLIENTS001")]
public sealed class ReadCoalescer<T>
{
    private const int MaxLoners = 1024;

    private readonly Func<string, CancellationToken, ValueTask<T>> _readOne;
    private readonly Func<IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyList<T>>> _readMany;
    private readonly Func<T, bool> _isLarge;
    private readonly int _maxBatch;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _loners = new(StringComparer.Ordinal);
    private readonly Queue<Reader> _waiting = new();
    private ReadPacing _pacing;
    private bool _hasLoners;

    /// <summary>Makes one.</summary>
    /// <param name="readOne">Reads one key.</param>
    /// <param name="readMany">Reads several in one request; answers come in the order of the keys.</param>
    /// <param name="isLarge">Whether an answer is so large that it is better read alone.</param>
    /// <param name="maxBatch">Most keys of one request.</param>
    /// <param name="timeout">Longest wait for one shared request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Cancelled when the store stops.</param>
    public ReadCoalescer(
        Func<string, CancellationToken, ValueTask<T>> readOne,
        Func<IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyList<T>>> readMany,
        Func<T, bool> isLarge,
        int maxBatch,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken stopping)
    {
        _readOne = readOne;
        _readMany = readMany;
        _isLarge = isLarge;
        _maxBatch = maxBatch;
        _timeout = timeout;
        _time = time;
        _stopping = stopping;
    }

    /// <summary>Reads one key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="StoreException">The read failed, alone or with the request that it shared.</exception>
    public ValueTask<T> ReadAsync(string key, CancellationToken cancellationToken)
    {
        Reader reader;
        List<Reader>? batch = null;
        lock (_gate)
        {
            if (_loners.Count > 0 && _loners.Contains(key))
            {
                return ReadLonerAsync(key, cancellationToken);
            }

            if (_waiting.Count == 0 && _pacing.MayGo(1, _maxBatch))
            {
                _pacing.Sent(1);
                return ReadAloneAsync(key, cancellationToken);
            }

            reader = new Reader(key);
            _waiting.Enqueue(reader);
            batch = TakeBatch();
        }

        if (batch is not null)
        {
            _ = SendAsync(batch);
        }

        return WaitAsync(reader, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> ReadAloneAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            T answer = await _readOne(key, cancellationToken).ConfigureAwait(false);
            Remember(key, answer);
            return answer;
        }
        finally
        {
            Next(1);
        }
    }

    private async ValueTask<T> ReadLonerAsync(string key, CancellationToken cancellationToken)
    {
        T answer = await _readOne(key, cancellationToken).ConfigureAwait(false);
        Remember(key, answer);
        return answer;
    }

    private static async ValueTask<T> WaitAsync(Reader reader, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration link = cancellationToken.UnsafeRegister(
            static (state, token) => ((Reader)state!).TrySetCanceled(token), reader);
        return await reader.Task.ConfigureAwait(false);
    }

    /// <summary>A request has ended: sends what may go now.</summary>
    /// <param name="reads">How many reads it carried.</param>
    private void Next(int reads)
    {
        List<Reader>? batch;
        List<Reader>? second;
        lock (_gate)
        {
            _pacing.Ended(reads, _waiting.Count);
            batch = TakeBatch();
            second = TakeBatch();
        }

        foreach (List<Reader>? taken in (ReadOnlySpan<List<Reader>?>)[batch, second])
        {
            if (taken is not null)
            {
                _ = SendAsync(taken);
            }
        }
    }

    /// <returns>What goes out now; null if nothing does. Those who gave up meanwhile are left out.</returns>
    private List<Reader>? TakeBatch()
    {
        if (!_pacing.MayGo(_waiting.Count, _maxBatch))
        {
            return null;
        }

        List<Reader> batch = [];
        while (batch.Count < _maxBatch && _waiting.TryDequeue(out Reader? reader))
        {
            if (!reader.Task.IsCompleted)
            {
                batch.Add(reader);
            }
        }

        if (batch.Count == 0)
        {
            return null;
        }

        _pacing.Sent(batch.Count);
        return batch;
    }

    private async Task SendAsync(List<Reader> batch)
    {
        using CancellationTokenSource late = new(_timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stopping);
        IReadOnlyList<T> answers;
        try
        {
            answers = batch.Count == 1
                ? [await _readOne(batch[0].Key, either.Token).ConfigureAwait(false)]
                : await _readMany([.. batch.Select(static reader => reader.Key)], either.Token).ConfigureAwait(false);
        }
        catch (StoreException e) when (batch.Count > 1 && e.Error is (StoreError.Denied or StoreError.TooLarge or StoreError.InvalidRequest))
        {
            Next(batch.Count);
            await Task.WhenAll(batch.Select(reader => ReadAgainAsync(reader, either.Token))).ConfigureAwait(false);
            return;
        }
#pragma warning disable CA1031 // Whatever it is, those who wait have to hear it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Next(batch.Count);
            Exception failure = e is OperationCanceledException && !_stopping.IsCancellationRequested
                ? new StoreException(StoreError.Unavailable, $"The store did not answer within {_timeout.TotalSeconds} s.", false, e)
                : e;
            batch.ForEach(reader => reader.Fail(failure));
            return;
        }

        // First the next request, so that the server has something to do while the readers go on.
        Next(batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            Remember(batch[i].Key, answers[i]);
            batch[i].TrySetResult(answers[i]);
        }
    }

    private async Task ReadAgainAsync(Reader reader, CancellationToken cancellationToken)
    {
        try
        {
            T answer = await _readOne(reader.Key, cancellationToken).ConfigureAwait(false);
            Remember(reader.Key, answer);
            reader.TrySetResult(answer);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (e is StoreException { IsTransient: false })
            {
                Isolate(reader.Key);
            }

            reader.Fail(e);
        }
    }

    private void Remember(string key, T answer)
    {
        if (_isLarge(answer))
        {
            Isolate(key);
        }
        else if (Volatile.Read(ref _hasLoners))
        {
            lock (_gate)
            {
                _loners.Remove(key);
                _hasLoners = _loners.Count > 0;
            }
        }
    }

    private void Isolate(string key)
    {
        lock (_gate)
        {
            if (_loners.Count >= MaxLoners)
            {
                _loners.Clear();
            }

            _loners.Add(key);
            _hasLoners = true;
        }
    }

    /// <summary>One caller that waits for a shared request.</summary>
    private sealed class Reader(string key) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Key => key;

        public void Fail(Exception failure)
        {
            if (TrySetException(failure))
            {
                // Its caller may have left in this very moment.
                _ = Task.Exception;
            }
        }
    }
}
