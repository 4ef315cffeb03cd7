using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>Many readers or one writer, first come, first served: a reader that comes after a waiting writer waits behind it, so writers are not starved. Thread-safe.</summary>
/// <remarks>Not re-entrant, and a reader cannot become a writer.</remarks>
public sealed class DistributedReadWriteLock
{
    private const string Reader = ".r";
    private const string Writer = ".w";

    private static readonly Turn ReaderTurn = new(static ahead => ahead.All(IsReader), static ahead => ahead.Last(static seat => !IsReader(seat)));

    private readonly ContenderQueue _queue;

    internal DistributedReadWriteLock(IConfigStore store, string name, ContenderOptions? options) => _queue = new ContenderQueue(store, name, options);

    /// <summary>The name: a key of the store, below which the seats lie.</summary>
    public string Name => _queue.Name;

    /// <summary>Waits until it may be read.</summary>
    /// <inheritdoc cref="DistributedSemaphore.AcquireAsync"/>
    public async Task<LockHandle> AcquireReadAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await ReadAsync(timeout, cancellationToken).ConfigureAwait(false) ?? throw TooLate(timeout!.Value);

    /// <summary>Waits for a time until it may be read, or only looks.</summary>
    /// <inheritdoc cref="DistributedSemaphore.TryAcquireAsync"/>
    public Task<LockHandle?> TryAcquireReadAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        ReadAsync(timeout == Timeout.InfiniteTimeSpan ? null : timeout, cancellationToken);

    /// <summary>Waits until it may be written.</summary>
    /// <inheritdoc cref="DistributedSemaphore.AcquireAsync"/>
    public async Task<LockHandle> AcquireWriteAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await WriteAsync(timeout, cancellationToken).ConfigureAwait(false) ?? throw TooLate(timeout!.Value);

    /// <summary>Waits for a time until it may be written, or only looks.</summary>
    /// <inheritdoc cref="DistributedSemaphore.TryAcquireAsync"/>
    public Task<LockHandle?> TryAcquireWriteAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        WriteAsync(timeout == Timeout.InfiniteTimeSpan ? null : timeout, cancellationToken);

    /// <inheritdoc cref="DistributedSemaphore.GetContendersAsync"/>
    public async Task<IReadOnlyList<Contender>> GetContendersAsync(CancellationToken cancellationToken = default)
    {
        QueueState state = await _queue.ReadAsync(cancellationToken).ConfigureAwait(false);
        List<Contender> contenders = [];
        bool isWriterAhead = false;
        foreach (ConfigEntry seat in state.Seats)
        {
            bool isReader = IsReader(seat);
            contenders.Add(Contender.From(seat, isReader ? !isWriterAhead : contenders.Count == 0));
            isWriterAhead |= !isReader;
        }

        return contenders;
    }

    private Task<LockHandle?> ReadAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Check(timeout);
        return _queue.EnterAsync(Reader, null, ReaderTurn, timeout, cancellationToken);
    }

    private Task<LockHandle?> WriteAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        Check(timeout);
        return _queue.EnterAsync(Writer, null, Turn.First, timeout, cancellationToken);
    }

    private static bool IsReader(ConfigEntry seat) => seat.Key.EndsWith(Reader, StringComparison.Ordinal);

    private static void Check(TimeSpan? timeout)
    {
        if (timeout is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
        }
    }

    private TimeoutException TooLate(TimeSpan timeout) => new($"\"{Name}\" was not to be had within {timeout.TotalSeconds} s.");
}
