using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.Etcd.Wire;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd;

/// <summary>The contract over etcd's v3 interface. Arguments were checked by the wrapper that the builder puts around every store.</summary>
/// <remarks>Owns its connections, its sessions and its streams; disposing ends all of them.</remarks>
internal sealed class EtcdStore : ISeatStore
{
    private readonly ConcurrentDictionary<EtcdSession, bool> _sessions = new();
    private readonly StoreCalls _calls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EtcdKeys _keys;
    private readonly EtcdMembers _members;
    private readonly EtcdCredentials _credentials;
    private readonly EtcdReads _reads;
    private readonly EtcdLists _lists;
    private readonly EtcdTxns _txns;
    private readonly EtcdLeases _leases;
    private readonly EtcdLeaseStream _heartbeats;
    private readonly EtcdWatchHub _hub;
    private readonly EtcdGone _gone;
    private int _disposed;

    public EtcdStore(EtcdStoreOptions options, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _calls = new StoreCalls(StoreKind, options.RequestTimeout, time, logger);
        _keys = new EtcdKeys(options.Prefix);
        _members = EtcdMembers.Create(options, time, logger);
        _credentials = new EtcdCredentials(options.User, options.Password, logger);
        EtcdCalls wire = new(_members, _credentials, options.RequestTimeout * 0.4, time);
        _reads = new EtcdReads(wire, _keys, options.RequestTimeout, time, _calls.Stopping);
        _lists = new EtcdLists(wire, _keys, logger);
        _txns = new EtcdTxns(wire);
        _leases = new EtcdLeases(wire);
        _heartbeats = new EtcdLeaseStream(_members, _credentials, TimeSpan.FromSeconds(2), time);
        _hub = new EtcdWatchHub(_members, _credentials, _keys, options, time, logger);
        _gone = new EtcdGone(_hub, _reads, _keys);
    }

    /// <summary>The <see cref="Kind"/> of this store.</summary>
    public const string StoreKind = "etcd";

    public string Kind => StoreKind;

    /// <remarks>Leases that ran out are looked for twice a second. A new leader grants every lease its full TTL again, which is not counted here.</remarks>
    public StoreLimits Limits { get; } = new() { SessionEndSlack = TimeSpan.FromSeconds(2) };

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store._reads.GetAsync(call.Key, token), (Store: this, Key: key), isWrite: false, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store._reads.GetValueAsync(call.Key, token), (Store: this, Key: key), isWrite: false, cancellationToken);

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store._lists.ListAsync(call.Prefix, token), (Store: this, Prefix: prefix), isWrite: false, cancellationToken);

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default)
    {
        string? holder = IdOf(session, nameof(session));
        _ = IdOf(condition.Session, nameof(condition));
        EtcdCommit commit = new(_keys);
        commit.Require(key, condition);
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

        // A missing key is no failure to etcd, but not applied to the contract.
        EtcdCommit commit = new(_keys);
        commit.Require(key, condition.Kind == ConditionKind.None ? Condition.Exists : condition);
        commit.Write(key, null, null);
        return CommitAsync(commit, cancellationToken);
    }

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default)
    {
        EtcdCommit commit = new(_keys);
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

    /// <remarks>Events come with what they are about, on a stream that is there: cheaper than to begin a watch and read what it watches.</remarks>
    public int WatchedSeats => 8;

    public async ValueTask<SeatTaken> SitDownAsync(string queue, string key, ReadOnlyMemory<byte> value, IStoreSession session, CancellationToken cancellationToken = default)
    {
        EtcdCommit commit = new(_keys);
        commit.Require(key, Condition.Absent);
        commit.Write(key, value, IdOf(session, nameof(session)));
        commit.List(queue);
        WriteResult result = await CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        return new SeatTaken(result, commit.Listed is { } seats ? new ConfigSnapshot(queue, seats, result.Revision.Number) : null);
    }

    public async ValueTask StandUpAsync(string key, IStoreSession session, CancellationToken cancellationToken = default)
    {
        _ = IdOf(session, nameof(session));
        EtcdCommit commit = new(_keys);
        commit.Write(key, null, null);
        await CommitAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask WaitUntilGoneAsync(string key, long createRevision, CancellationToken cancellationToken = default) =>
        _calls.WaitAsync(
            static (call, token) => call.Store._gone.WaitAsync(call.Key, call.CreateRevision, token), (Store: this, Key: key, CreateRevision: createRevision), cancellationToken);

    public async IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EtcdWatch watch = new(prefix, this, _hub);
        await using ConfiguredAsyncDisposable parting = watch.ConfigureAwait(false);
        await foreach (WatchBatch batch in _calls.WatchAsync(watch, prefix, cancellationToken).ConfigureAwait(false))
        {
            yield return batch;
        }
    }

    public async ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StoreSessionOptions();
        long openedAt = 0;
        (long lease, TimeSpan granted) = await _calls.RunAsync(
            (call, token) =>
            {
                openedAt = call._time.GetTimestamp();
                return call._leases.GrantAsync(options.Ttl, token);
            },
            this,
            isWrite: false,
            cancellationToken).ConfigureAwait(false);
        EtcdSession session = new(this, EtcdRow.SessionId(lease), granted, openedAt, _time, _logger);
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
        await _heartbeats.DisposeAsync().ConfigureAwait(false);
        await _members.DisposeAsync().ConfigureAwait(false);
        _credentials.Dispose();
    }

    /// <summary>Renews a session. Returns how long it lives from now; zero if it is over.</summary>
    internal ValueTask<TimeSpan> RenewAsync(string id, CancellationToken cancellationToken) => _heartbeats.BeatAsync(EtcdRow.Lease(id), cancellationToken);

    /// <summary>Asks how far the store is, and in which history.</summary>
    internal ValueTask<EtcdHistory> HistoryAsync(string prefix, CancellationToken cancellationToken) =>
        _calls.RunAsync(static (call, token) => call.Store._lists.HistoryAsync(call.Prefix, token), (Store: this, Prefix: prefix), isWrite: false, cancellationToken);

    /// <summary>Ends a session in the store.</summary>
    internal async ValueTask RevokeAsync(EtcdSession session)
    {
        _sessions.TryRemove(session, out _);
        string? failure = await _calls.TryEndAsync(
            static (call, token) => call.Leases.RevokeAsync(EtcdRow.Lease(call.Id), token), (Leases: _leases, session.Id)).ConfigureAwait(false);
        if (failure is not null)
        {
            Log.SessionNotRevoked(_logger, session.Id, failure);
        }
    }

    private ValueTask<WriteResult> CommitAsync(EtcdCommit commit, CancellationToken cancellationToken) =>
        commit.Unmeetable() is { } key
            ? ValueTask.FromResult(WriteResult.Refused(key))
            : _calls.RunAsync(static (call, token) => call.Store._txns.CommitAsync(call.Commit, token), (Store: this, Commit: commit), isWrite: true, cancellationToken);

    private string? IdOf(IStoreSession? session, string parameter) => session switch
    {
        null => null,
        EtcdSession own when ReferenceEquals(own.Store, this) => own.Id,
        _ => throw new ArgumentException("The session was opened by another store.", parameter),
    };
}
