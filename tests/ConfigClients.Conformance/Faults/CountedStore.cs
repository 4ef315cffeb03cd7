using System.Runtime.CompilerServices;

namespace ConfigClients.Conformance.Faults;

/// <summary>A store at whose nth call something happens to the caller, such as a cancellation: so that a test can go through all awaits of a recipe.</summary>
/// <param name="store">The store itself, real; stays the test's.</param>
/// <param name="call">Which call, from 1.</param>
/// <param name="moment">When in the call.</param>
/// <param name="happen">What happens.</param>
public sealed class CountedStore(IConfigStore store, int call, CallMoment moment, Func<Task> happen) : IConfigStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private int _calls;
    private int _sessions;
    private int _batches;

    /// <inheritdoc/>
    public string Kind => store.Kind;

    /// <inheritdoc/>
    public StoreLimits Limits => store.Limits;

    /// <summary>Whether there were so many calls.</summary>
    public bool HasHappened => Volatile.Read(ref _calls) >= call;

    /// <summary>How many batches of watches the recipe has done with.</summary>
    public int Batches => Volatile.Read(ref _batches);

    /// <summary>The last session that was opened for the recipe; null before.</summary>
    public IStoreSession? LastSession { get; private set; }

    /// <summary>How many sessions were opened for the recipe to keep.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <inheritdoc/>
    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        CallAsync(token => store.GetAsync(key, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) =>
        CallAsync(token => store.GetValueAsync(key, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        CallAsync(token => store.ListAsync(prefix, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default) =>
        CallAsync(token => store.SetAsync(key, value, condition, session, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default) =>
        CallAsync(token => store.DeleteAsync(key, condition, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default) =>
        CallAsync(token => store.CommitAsync(transaction, token), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool isMeant = Interlocked.Increment(ref _calls) == call;
        if (isMeant && moment == CallMoment.Before)
        {
            await happen();
        }

        await foreach (WatchBatch batch in store.WatchAsync(prefix, cancellationToken))
        {
            if (isMeant && moment != CallMoment.Before)
            {
                isMeant = false;
                await happen();
            }

            yield return batch;
            Interlocked.Increment(ref _batches);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        IStoreSession session = await CallAsync(
            async token => await store.OpenSessionAsync(options, token), cancellationToken, static session => session.DisposeAsync());
        LastSession = session;
        Interlocked.Increment(ref _sessions);
        return session;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<T> CallAsync<T>(
        Func<CancellationToken, ValueTask<T>> act, CancellationToken cancellationToken, Func<T, ValueTask>? takeBack = null)
    {
        if (Interlocked.Increment(ref _calls) != call)
        {
            return await act(cancellationToken);
        }

        if (moment == CallMoment.Before)
        {
            await happen();
            return await act(cancellationToken);
        }

        T answer = await act(CancellationToken.None);
        await happen();
        if (moment == CallMoment.During && cancellationToken.CanBeCanceled)
        {
            await Task.Delay(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested && takeBack is not null)
            {
                await takeBack(answer);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return answer;
    }
}
