using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ConfigClients.Proof.Processes;
using ConfigClients.Recipes;

namespace ConfigClients.Proof.Pauses;

/// <summary>A process that holds a lock and is a member, and this one, which waits for its lock and watches its group.</summary>
public sealed class PauseStage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _said = new();
    private readonly ConcurrentQueue<long?> _epochs = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IConfigStore _store;
    private Task<(LockHandle Handle, long At)> _next = null!;
    private Task _watching = null!;
    private ChildProcess _child = null!;

    private PauseStage(StoreUnderProof store) => _store = StoreUnderProof.Open(store.Address);

    /// <summary>The process.</summary>
    public ChildProcess Child => _child;

    /// <summary>The token under which the process has the lock.</summary>
    public long Token { get; private set; }

    /// <summary>The epoch under which the process joined.</summary>
    public long Epoch { get; private set; }

    /// <summary>The epochs under which the process was seen in the group, one after another; null when it was not there.</summary>
    public IReadOnlyList<long?> Epochs => [.. _epochs];

    /// <summary>Whether this process has the lock.</summary>
    public bool IsTaken => _next.IsCompletedSuccessfully;

    /// <summary>Starts the process, and waits until it has everything and this one waits for it.</summary>
    /// <param name="store">The store.</param>
    /// <returns>The stage.</returns>
    public static async Task<PauseStage> SetAsync(StoreUnderProof store)
    {
        PauseStage stage = new(store);
        stage._child = ChildProcess.Start([PauseProcess.Role, store.Address], stage._said.Enqueue);
        string[] has = await stage.HearAsync("has");
        stage.Token = Number(has[1]);
        stage.Epoch = Number(has[2]);
        stage._next = stage.TakeAsync();
        stage._watching = stage.WatchAsync();
        await stage.UntilAsync(async () => (await stage._store.ListAsync(PauseProcess.Lock)).Entries.Count == 2 && stage.Epochs.Count > 0);
        return stage;
    }

    /// <summary>Waits until the process has said something that begins with a word.</summary>
    /// <param name="word">The word.</param>
    /// <returns>The words of the last such line.</returns>
    public async Task<string[]> HearAsync(string word)
    {
        await UntilAsync(() => Task.FromResult(_said.Any(line => line.StartsWith(word + " ", StringComparison.Ordinal) || line == word)));
        return _said.Last(line => line.StartsWith(word, StringComparison.Ordinal)).Split(' ');
    }

    /// <summary>Whether the process has said something that begins with a word.</summary>
    /// <param name="word">The word.</param>
    /// <returns>Whether it has.</returns>
    public bool HasSaid(string word) => _said.Any(line => line.StartsWith(word, StringComparison.Ordinal));

    /// <summary>Asks the process until it says of itself what is expected: whether it holds, for how long at least, whether it is a member, and under which epoch.</summary>
    /// <param name="isRight">Judges.</param>
    /// <returns>When it is so.</returns>
    public Task UntilNowAsync(Func<bool, TimeSpan, bool, long, bool> isRight) => UntilAsync(async () =>
    {
        _child.Tell("now");
        string[] words = await HearAsync("now");
        return isRight(bool.Parse(words[1]), TimeSpan.FromMilliseconds(Number(words[2])), bool.Parse(words[3]), Number(words[4]));
    });

    /// <summary>Waits until the process has no heartbeat under way: one that is stopped in the middle of a write to a file keeps others from writing.</summary>
    /// <returns>When it has none.</returns>
    public Task BetweenHeartbeatsAsync() => UntilNowAsync(static (_, validFor, _, _) => validFor > TimeSpan.FromSeconds(7) && validFor < TimeSpan.FromSeconds(9));

    /// <summary>Stops the process, and not in the middle of a write: others can write then.</summary>
    /// <returns>When it is stopped.</returns>
    public async Task PauseAsync()
    {
        for (long since = Stopwatch.GetTimestamp(); ;)
        {
            await BetweenHeartbeatsAsync();
            _child.Pause();
            try
            {
                await _store.SetAsync("pause/free", "v");
                return;
            }
            catch (StoreException e) when (e.IsTransient && Stopwatch.GetElapsedTime(since) < Patience)
            {
                // On a busy machine the signal may come late, when the next heartbeat is under way.
                _child.Resume();
            }
        }
    }

    /// <summary>Waits until this process has the lock.</summary>
    /// <returns>Its token, and the moment before it was known.</returns>
    public async Task<(long Token, long At)> TakenAsync()
    {
        (LockHandle handle, long at) = await _next.WaitAsync(Patience);
        return (handle.FencingToken, at);
    }

    /// <summary>Waits until the process was seen in the group in a certain way.</summary>
    /// <param name="isRight">Judges the epochs.</param>
    /// <returns>When it was.</returns>
    public Task UntilSeenAsync(Func<IReadOnlyList<long?>, bool> isRight) => UntilAsync(() => Task.FromResult(isRight(Epochs)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        await _stop.CancelAsync();
        await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);

    private async Task<(LockHandle Handle, long At)> TakeAsync()
    {
        LockHandle handle = await _store.CreateLock(PauseProcess.Lock, new ContenderOptions { SessionTtl = StoreUnderProof.Ttl }).AcquireAsync(cancellationToken: _stop.Token);
        return (handle, Stopwatch.GetTimestamp());
    }

    private async Task WatchAsync()
    {
        await foreach (MembershipView view in _store.CreateMembership(PauseProcess.Group).WatchAsync(_stop.Token))
        {
            if (_epochs.IsEmpty || _epochs.Last() != view.Find(PauseProcess.Id)?.Epoch)
            {
                _epochs.Enqueue(view.Find(PauseProcess.Id)?.Epoch);
            }
        }
    }

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (long since = Stopwatch.GetTimestamp(); !await holds();)
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new TimeoutException($"Not so within {Patience.TotalSeconds} s; the process said: {string.Join("; ", _said.TakeLast(5))}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
