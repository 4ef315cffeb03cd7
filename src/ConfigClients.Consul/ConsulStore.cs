using System.Collections.Concurrent;
using ConfigClients.Adapters;
using ConfigClients.Consul.Wire;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Consul;

/// <summary>The contract over Consul's HTTP interface. Arguments were checked by the wrapper that the builder puts around every store.</summary>
/// <remarks>Owns its connections, its sessions and the queries of its watches; disposing ends all of them.</remarks>
internal sealed class ConsulStore : ISeatStore
{
    private readonly ConcurrentDictionary<ConsulSession, bool> _sessions = new();
    private readonly StoreCalls _calls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConsulHttp _http;
    private readonly ConsulKeys _keys;
    private readonly ConsulReads _reads;
    private readonly ConsulLists _lists;
    private readonly ConsulTxns _txns;
    private readonly ConsulLargeWrites _largeWrites;
    private readonly ConsulSessions _sessionCalls;
    private readonly ConsulWatchHub _hub;
    private readonly ConsulGone _gone;
    private int _disposed;

    public ConsulStore(ConsulStoreOptions options, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _calls = new StoreCalls(StoreKind, options.RequestTimeout, time, logger);
        _http = new ConsulHttp(options, time, logger);
        _keys = new ConsulKeys(options.Prefix);
        _reads = new ConsulReads(_http, _keys);
        _txns = new ConsulTxns(_http, _keys);
        _lists = new ConsulLists(_http, _keys, _txns, logger);
        _largeWrites = new ConsulLargeWrites(_http, _keys, _reads, _txns);
        _sessionCalls = new ConsulSessions(_http);
        ConsulWatchSlots slots = new(options.MaxWatchConnections, time);
        _gone = new ConsulGone(_reads, slots, options, time);
        _hub = new ConsulWatchHub(_lists, slots, options, time, logger, _calls.Stopping);
    }

    /// <summary>The <see cref="Kind"/> of this store.</summary>
    public const string StoreKind = "consul";

    public string Kind => StoreKind;

    /// <remarks>A session of Consul ends at twice its TTL, when nobody asks before.</remarks>
    public StoreLimits Limits { get; } = new() { SessionEndFactor = 2, SessionEndSlack = TimeSpan.FromSeconds(2) };

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store._reads.GetAsync(call.Key, token), (Store: this, Key: key), isWrite: false, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store._reads.GetValueAsync(call.Key, token), (Store: this, Key: key), isWrite: false, cancellationToken);

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) => ListAsync(prefix, null, cancellationToken);

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default)
    {
        string? holder = IdOf(session, nameof(session));
        _ = IdOf(condition.Session, nameof(condition));
        ConsulCommit commit = new();
        commit.Require(key, condition);
        if (!ConsulTxnBody.Fits(_keys.Stored(key), value.Length))
        {
            return commit.Unmeetable() is not null
                ? ValueTask.FromResult(WriteResult.Refused(key))
                : _calls.RunAsync(
                    static (call, token) => call.Store._largeWrites.SetAsync(call.Key, call.Value, call.Condition, call.Holder, token),
                    (Store: this, Key: key, Value: value, Condition: condition, Holder: holder),
                    isWrite: true,
                    cancellationToken);
        }

        commit.Write(key, value, holder);
        return CommitAsync(commit, cancellationToken);
    }

    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default)
    {
        _ = IdOf(condition.Session, nameof(condition));
        if (condition.Kind == ConditionKind.Absent)
        {
            return ValueTask.FromResult(WriteResult.Refused(key));
        }

        // A missing key is no failure to Consul, but not applied to the contract.
        ConsulCommit commit = new();
        commit.Require(key, condition.Kind == ConditionKind.None ? Condition.Exists : condition);
        commit.Write(key, null, null);
        return CommitAsync(commit, cancellationToken);
    }

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default)
    {
        ConsulCommit commit = new();
        foreach (TransactionCondition requirement in transaction.Conditions)
        {
            _ = IdOf(requirement.Condition.Session, nameof(transaction));
            commit.Require(requirement.Key, requirement.Condition);
        }

        foreach (TransactionWrite write in transaction.Writes)
        {
            commit.Write(write.Key, write.Value, IdOf(write.Session, nameof(transaction)));
        }

        return CommitAsync(commit, cancellationToken);
    }

    /// <remarks>A query of a queue is answered with the whole of it.</remarks>
    public int WatchedSeats => 0;

    public async ValueTask<SeatTaken> SitDownAsync(string queue, string key, ReadOnlyMemory<byte> value, IStoreSession session, CancellationToken cancellationToken = default) =>
        new(await SetAsync(key, value, Condition.Absent, session, cancellationToken).ConfigureAwait(false), null);

    public async ValueTask StandUpAsync(string key, IStoreSession session, CancellationToken cancellationToken = default)
    {
        _ = IdOf(session, nameof(session));
        ConsulCommit commit = new();
        commit.Write(key, null, null);
        await CommitAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask WaitUntilGoneAsync(string key, long createRevision, CancellationToken cancellationToken = default) =>
        _calls.WaitAsync(
            static (call, token) => call.Store._gone.WaitAsync(call.Key, call.CreateRevision, token), (Store: this, Key: key, CreateRevision: createRevision), cancellationToken);

    public IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, CancellationToken cancellationToken = default) =>
        _calls.WatchAsync(new ConsulWatch(prefix, this, _hub), prefix, cancellationToken);

    public async ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StoreSessionOptions();
        long openedAt = 0;
        string id = await _calls.RunAsync(
            (call, token) =>
            {
                openedAt = call._time.GetTimestamp();
                return call._sessionCalls.CreateAsync(options.Name, options.Ttl, token);
            },
            this,
            isWrite: true,
            cancellationToken).ConfigureAwait(false);
        ConsulSession session = new(this, id, options.Ttl, openedAt, _time, _logger);
        _sessions.TryAdd(session, true);
        if (Volatile.Read(ref _disposed) != 0)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(nameof(IConfigStore));
        }

        return session;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // Sessions first: their keys go now, not when their TTL has passed.
        await Task.WhenAll(_sessions.Keys.Select(static session => session.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _calls.DisposeAsync().ConfigureAwait(false);
        await _hub.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    /// <summary>Lists a prefix, taking what did not change from an earlier listing.</summary>
    internal ValueTask<ConfigSnapshot> ListAsync(string prefix, ConfigSnapshot? known, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            static (call, token) => call.Store._lists.ListAsync(call.Prefix, call.Known, 0, default, token),
            (Store: this, Prefix: prefix, Known: known),
            isWrite: false,
            cancellationToken);

    /// <summary>Renews a session: one attempt. Whoever beats comes again by itself; with retries in between, a server that is down would be asked far more often.</summary>
    internal ValueTask<bool> RenewAsync(string id, CancellationToken cancellationToken) => _sessionCalls.RenewAsync(id, cancellationToken);

    /// <summary>Ends a session in the store.</summary>
    internal async ValueTask DestroyAsync(ConsulSession session)
    {
        _sessions.TryRemove(session, out _);
        string? failure = await _calls.TryEndAsync(
            static async (call, token) =>
            {
                await call.Calls.DestroyAsync(call.Id, token).ConfigureAwait(false);
                return true;
            },
            (Calls: _sessionCalls, session.Id)).ConfigureAwait(false);
        if (failure is not null)
        {
            Log.SessionNotDestroyed(_logger, session.Id, failure);
        }
    }

    private ValueTask<WriteResult> CommitAsync(ConsulCommit commit, CancellationToken cancellationToken) =>
        commit.Unmeetable() is { } key
            ? ValueTask.FromResult(WriteResult.Refused(key))
            : _calls.RunAsync(
                static (call, token) => TryCommitAsync(call.Store, call.Commit, token), (Store: this, Commit: commit), isWrite: true, cancellationToken);

    private static async ValueTask<WriteResult> TryCommitAsync(ConsulStore store, ConsulCommit commit, CancellationToken cancellationToken)
    {
        ConsulOp[] ops = [];
        for (int attempt = 0; attempt < ConsulCommit.MaxTries; attempt++)
        {
            ops = commit.Build();
            if (commit.Judge(await store._txns.ExecuteAsync(ops, cancellationToken).ConfigureAwait(false)) is { } result)
            {
                return result;
            }
        }

        return WriteResult.Refused(ops[0].Key);
    }

    private string? IdOf(IStoreSession? session, string parameter) => session switch
    {
        null => null,
        ConsulSession own when ReferenceEquals(own.Store, this) => own.Id,
        _ => throw new ArgumentException("The session was opened by another store.", parameter),
    };
}
