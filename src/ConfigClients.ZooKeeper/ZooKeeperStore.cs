using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.ZooKeeper.Wire;
using Microsoft.Extensions.Logging;

namespace ConfigClients.ZooKeeper;

/// <summary>The contract over ZooKeeper. Arguments were checked by the wrapper that the builder puts around every store.</summary>
/// <remarks>Owns one connection, and one for each session; disposing ends all of them.</remarks>
internal sealed class ZooKeeperStore : ISeatStore
{
    private readonly ConcurrentDictionary<ZooKeeperSession, bool> _sessions = new();
    private readonly StoreCalls _calls;
    private readonly ZooKeeperStoreOptions _options;
    private readonly StoreTls? _tls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ZooKeeperClient _client;
    private readonly ZooKeeperKeys _keys;
    private readonly ZooKeeperShards _shards;
    private readonly ZooKeeperReads _reads;
    private readonly ZooKeeperWrites _writes;
    private readonly ZooKeeperSeats _seats;
    private readonly IReadOnlyList<ZooKeeperAcl> _acl;
    private int _disposed;

    public ZooKeeperStore(ZooKeeperStoreOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _tls = options.UseTls ? new StoreTls(options.Tls, logger) : null;
        _acl = options.Acl ?? (options.User is null ? ZooKeeperAcl.Open : ZooKeeperAcl.Creator);
        _calls = new StoreCalls(StoreKind, options.RequestTimeout, time, logger);
        _keys = new ZooKeeperKeys(options.Prefix);
        _shards = new ZooKeeperShards(_keys.Own, time);
        _client = new ZooKeeperClient(ClientOptions(TimeSpan.FromSeconds(15)));
        _reads = new ZooKeeperReads(_client, _keys, _shards);
        _writes = new ZooKeeperWrites(_client, _keys, _shards, _reads, _acl, time);
        _seats = new ZooKeeperSeats(_client, _keys, _writes);
        _client.OnRenewed = isReset =>
        {
            _shards.Forget();
            if (isReset)
            {
                _reads.Forget();
            }
        };
    }

    /// <summary>The <see cref="Kind"/> of this store.</summary>
    public const string StoreKind = "zookeeper";

    public string Kind => StoreKind;

    /// <remarks>Sessions are looked through once per tick, two seconds by default. A new leader grants every session its full time again, which is not counted here.</remarks>
    public StoreLimits Limits { get; } = new() { ListIsPointInTime = false, WatchSeesCommitsWhole = false, SessionEndSlack = TimeSpan.FromSeconds(4) };

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store.TranslateAsync(call.Store._reads.GetAsync(call.Key, token)), (Store: this, Key: key), isWrite: false, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store.ReadValueAsync(call.Key, token), (Store: this, Key: key), isWrite: false, cancellationToken);

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store.TranslateAsync(call.Store._reads.ListAsync(call.Prefix, token)), (Store: this, Prefix: prefix), isWrite: false, cancellationToken);

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default)
    {
        ZooKeeperSession? holder = Own(session, nameof(session));
        _ = Own(condition.Session, nameof(condition));
        return _calls.RunAsync(
            static (call, token) => call.Store.TranslateAsync(call.Store._writes.SetAsync(call.Key, call.Value, call.Condition, call.Holder, token), call.Caller),
            (Store: this, Key: key, Value: value, Condition: condition, Holder: holder, Caller: cancellationToken),
            isWrite: true,
            cancellationToken);
    }

    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default)
    {
        _ = Own(condition.Session, nameof(condition));
        return condition.Kind == ConditionKind.Absent
            ? ValueTask.FromResult(WriteResult.Refused(key))
            : _calls.RunAsync(
                static (call, token) => call.Store.TranslateAsync(call.Store._writes.DeleteAsync(call.Key, call.Condition, token), call.Caller),
                (Store: this, Key: key, Condition: condition, Caller: cancellationToken),
                isWrite: true,
                cancellationToken);
    }

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default)
    {
        ZooKeeperCommit commit = new(_keys, _shards, _acl);
        foreach (TransactionCondition requirement in transaction.Conditions)
        {
            _ = Own(requirement.Condition.Session, nameof(transaction));
            commit.Require(requirement.Key, requirement.Condition);
        }

        foreach (TransactionWrite write in transaction.Writes)
        {
            commit.Write(write.Key, write.Value, Own(write.Session, nameof(transaction)));
        }

        return _calls.RunAsync(
            static (call, token) => call.Store.TranslateAsync(call.Store._writes.CommitAsync(call.Commit, token), call.Caller), (Store: this, Commit: commit, Caller: cancellationToken), isWrite: true, cancellationToken);
    }

    /// <remarks>An event of a queue has to be followed by a read.</remarks>
    public int WatchedSeats => 0;

    public ValueTask<SeatTaken> SitDownAsync(string queue, string key, ReadOnlyMemory<byte> value, IStoreSession session, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(
            static (call, token) => call.Store.TranslateAsync(call.Store._seats.SitDownAsync(call.Queue, call.Key, call.Value, call.Holder, token), call.Caller),
            (Store: this, Queue: queue, Key: key, Value: value, Holder: Own(session, nameof(session))!, Caller: cancellationToken),
            isWrite: true,
            cancellationToken);

    public async ValueTask StandUpAsync(string key, IStoreSession session, CancellationToken cancellationToken = default) =>
        await _calls.RunAsync(
            static (call, token) => call.Store.TranslateAsync(call.Store._writes.StandUpAsync(call.Key, call.Holder, token), call.Caller),
            (Store: this, Key: key, Holder: Own(session, nameof(session))!, Caller: cancellationToken),
            isWrite: true,
            cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<string>> ListKeysAsync(string queue, CancellationToken cancellationToken = default) =>
        _calls.RunAsync(static (call, token) => call.Store.TranslateAsync(call.Store._reads.ListKeysAsync(call.Queue, token)), (Store: this, Queue: queue), isWrite: false, cancellationToken);

    public ValueTask WaitUntilGoneAsync(string key, long createRevision, CancellationToken cancellationToken = default) =>
        _calls.WaitAsync(
            static (call, token) => call.Store.TranslateAsync(call.Store._seats.WaitUntilGoneAsync(call.Key, call.CreateRevision, token)),
            (Store: this, Key: key, CreateRevision: createRevision),
            cancellationToken);

    public async IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ZooKeeperWatch watch = new(prefix, this, _client, _keys, _reads, _time);
        await using ConfiguredAsyncDisposable parting = watch.ConfigureAwait(false);
        await foreach (WatchBatch batch in _calls.WatchAsync(watch, prefix, cancellationToken).ConfigureAwait(false))
        {
            yield return batch;
        }
    }

    public async ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StoreSessionOptions();
        ZooKeeperClient client = new(ClientOptions(options.Ttl));
        try
        {
            long openedAt = _time.GetTimestamp();
            ZooKeeperClientSession wire = await _calls.RunAsync(
                static (call, token) => call.Store.TranslateAsync(call.Client.ConnectAsync(token)), (Store: this, Client: client), isWrite: false, cancellationToken).ConfigureAwait(false);
            ZooKeeperSession session = new(this, client, wire, openedAt, _time, _logger);
            _sessions.TryAdd(session, true);
            if (Volatile.Read(ref _disposed) != 0)
            {
                await session.DisposeAsync().ConfigureAwait(false);
                throw new ObjectDisposedException(nameof(IConfigStore));
            }

            return session;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
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
        await _client.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A session has ended.</summary>
    internal void Forget(ZooKeeperSession session) => _sessions.TryRemove(session, out _);

    /// <inheritdoc cref="ZooKeeperReads.ListAsync(string, Action, CancellationToken)"/>
    internal ValueTask<ConfigSnapshot> ListAsync(string prefix, Action beginning, CancellationToken cancellationToken) =>
        _calls.RunAsync(static (call, token) => call.Store.TranslateAsync(call.Store._reads.ListAsync(call.Prefix, call.Beginning, token)), (Store: this, Prefix: prefix, Beginning: beginning), isWrite: false, cancellationToken);

    /// <summary>Makes every failure of the client a failure of the contract.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<T> TranslateAsync<T>(ValueTask<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (ZooKeeperException e)
        {
            throw e.Error == ZooKeeperError.Closed ? new ObjectDisposedException(nameof(IConfigStore), e) : ZooKeeperErrors.From(e);
        }
    }

    /// <summary>The same for a write: one that was cut off before anything was sent says so, unless it was the caller who cut it off.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> TranslateAsync<T>(ValueTask<T> call, CancellationToken caller)
    {
        try
        {
            return await TranslateAsync(call).ConfigureAwait(false);
        }
        catch (ZooKeeperUnsentException e) when (!caller.IsCancellationRequested && !_calls.Stopping.IsCancellationRequested)
        {
            throw e.Reason is { } reason
                ? ZooKeeperErrors.From(reason)
                : new StoreException(StoreError.Unavailable, $"The store did not answer within {_options.RequestTimeout.TotalSeconds} s; nothing was written.", innerException: e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>?> ReadValueAsync(string key, CancellationToken cancellationToken) =>
        (await TranslateAsync(_reads.GetAsync(key, cancellationToken)).ConfigureAwait(false))?.Value;

    private ZooKeeperClientOptions ClientOptions(TimeSpan sessionTimeout)
    {
        ZooKeeperClientOptions options = new()
        {
            Servers = [.. _options.Servers],
            SessionTimeout = sessionTimeout,
            RequestTimeout = _options.RequestTimeout,
            ConnectTimeout = _options.ConnectTimeout,
            AllowInsecureCredentials = _options.AllowInsecurePassword,
            MaxResponseBytes = 64 * 1024 * 1024,
            TimeProvider = _time,
            Logger = _logger,
        };
        if (_options.User is not null)
        {
            options.Credentials.Add(ZooKeeperCredential.Digest(_options.User, _options.Password!));
        }

        if (_tls is not null)
        {
            options.Tls = _ => _tls.CreateOptions();
        }

        return options;
    }

    private ZooKeeperSession? Own(IStoreSession? session, string parameter) => session switch
    {
        null => null,
        ZooKeeperSession own when ReferenceEquals(own.Store, this) => own,
        _ => throw new ArgumentException("The session was opened by another store.", parameter),
    };
}
