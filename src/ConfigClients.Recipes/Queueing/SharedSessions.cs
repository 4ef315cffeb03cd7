using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ConfigClients.Recipes.Queueing;

/// <summary>The session that all recipes on one store object share; opened when first needed, and anew when it was lost. Thread-safe.</summary>
/// <remarks>The store ends it when it is disposed. One session costs one heartbeat, however many locks are held through it.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its store object; the gate holds no handle.")]
internal sealed class SharedSessions(IConfigStore store)
{
    private static readonly ConditionalWeakTable<IConfigStore, SharedSessions> All = [];
    private static long _lastSeat;

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Dictionary<TimeSpan, IStoreSession> _sessions = [];

    /// <summary>Those of a store.</summary>
    public static SharedSessions Of(IConfigStore store) => All.GetValue(store, static store => new SharedSessions(store));

    /// <summary>A number that no other seat of this process has.</summary>
    public static long NextSeat() => Interlocked.Increment(ref _lastSeat);

    /// <summary>A session with this TTL that is not lost.</summary>
    public async ValueTask<IStoreSession> GetAsync(TimeSpan ttl, CancellationToken cancellationToken)
    {
        if (Find(ttl) is { } known)
        {
            return known;
        }

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Find(ttl) is { } opened)
            {
                return opened;
            }

            IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = ttl, Name = SeatInfo.Self }, cancellationToken).ConfigureAwait(false);
            IStoreSession? lost;
            lock (_sessions)
            {
                _sessions.Remove(ttl, out lost);
                _sessions.Add(ttl, session);
            }

            // The store may still believe in the lost one, and in its seats: they must not keep others waiting.
            _ = lost?.DisposeAsync().AsTask();
            return session;
        }
        finally
        {
            _opening.Release();
        }
    }

    private IStoreSession? Find(TimeSpan ttl)
    {
        lock (_sessions)
        {
            return _sessions.GetValueOrDefault(ttl) is { } session && session.State != SessionState.Lost ? session : null;
        }
    }
}
