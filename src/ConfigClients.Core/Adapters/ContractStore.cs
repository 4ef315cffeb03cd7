using System.Diagnostics;

namespace ConfigClients.Adapters;

/// <summary>Holds a store to the contract: arguments are checked before any I/O, and every call is measured.</summary>
/// <remarks>Wraps every store the builder makes, so that no store repeats either. Costs nothing while nobody listens.</remarks>
internal class ContractStore(IConfigStore inner, TimeProvider time) : IConfigStore
{
    private bool _disposed;

    /// <summary>Wraps a store, with what it can do besides.</summary>
    public static ContractStore Of(IConfigStore store, TimeProvider time) =>
        store is ISeatStore seats ? new ContractSeatStore(store, seats, time) : new ContractStore(store, time);

    public string Kind => inner.Kind;

    public StoreLimits Limits => inner.Limits;

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        ConfigKey.Check(key);
        Begin(cancellationToken);
        return Telemetry.IsListening
            ? MeasureAsync("get", key, (inner, key, cancellationToken), static call => call.inner.GetAsync(call.key, call.cancellationToken))
            : inner.GetAsync(key, cancellationToken);
    }

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default)
    {
        ConfigKey.Check(key);
        Begin(cancellationToken);
        return Telemetry.IsListening
            ? MeasureAsync("get", key, (inner, key, cancellationToken), static call => call.inner.GetValueAsync(call.key, call.cancellationToken))
            : inner.GetValueAsync(key, cancellationToken);
    }

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ConfigKey.CheckPrefix(prefix);
        Begin(cancellationToken);
        return Telemetry.IsListening
            ? MeasureAsync("list", prefix, (inner, prefix, cancellationToken), static call => call.inner.ListAsync(call.prefix, call.cancellationToken))
            : inner.ListAsync(prefix, cancellationToken);
    }

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default)
    {
        CheckSet(key, value, condition, session, cancellationToken);
        return Telemetry.IsListening
            ? MeasureAsync(
                "set",
                key,
                (inner, key, value, condition, session, cancellationToken),
                static call => call.inner.SetAsync(call.key, call.value, call.condition, call.session, call.cancellationToken))
            : inner.SetAsync(key, value, condition, session, cancellationToken);
    }

    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default)
    {
        ConfigKey.Check(key);
        Begin(cancellationToken);
        CheckAlive(condition.Session);
        return Telemetry.IsListening
            ? MeasureAsync(
                "delete", key, (inner, key, condition, cancellationToken), static call => call.inner.DeleteAsync(call.key, call.condition, call.cancellationToken))
            : inner.DeleteAsync(key, condition, cancellationToken);
    }

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CheckSize(transaction);
        Begin(cancellationToken);
        foreach (TransactionCondition requirement in transaction.Conditions)
        {
            CheckAlive(requirement.Condition.Session);
        }

        foreach (TransactionWrite write in transaction.Writes)
        {
            CheckAlive(write.Session);
        }

        return Telemetry.IsListening
            ? MeasureAsync("commit", null, (inner, transaction, cancellationToken), static call => call.inner.CommitAsync(call.transaction, call.cancellationToken))
            : inner.CommitAsync(transaction, cancellationToken);
    }

    public IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ConfigKey.CheckPrefix(prefix);
        Begin(cancellationToken);
        return inner.WatchAsync(prefix, cancellationToken);
    }

    public ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StoreSessionOptions();
        options.Check();
        Begin(cancellationToken);
        return Telemetry.IsListening
            ? MeasureAsync("open_session", null, (inner, options, cancellationToken), static call => call.inner.OpenSessionAsync(call.options, call.cancellationToken))
            : inner.OpenSessionAsync(options, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return inner.DisposeAsync();
    }

    /// <summary>Checks the arguments of a set.</summary>
    protected void CheckSet(string key, ReadOnlyMemory<byte> value, Condition condition, IStoreSession? session, CancellationToken cancellationToken)
    {
        ConfigKey.Check(key);
        if (value.Length > Limits.MaxValueBytes)
        {
            throw new ArgumentException($"The value is {value.Length} bytes; the limit is {Limits.MaxValueBytes}.", nameof(value));
        }

        Begin(cancellationToken);
        CheckAlive(session);
        CheckAlive(condition.Session);
    }

    /// <summary>Refuses what comes too late.</summary>
    protected void Begin(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(IConfigStore));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Refuses a session that is over.</summary>
    protected static void CheckAlive(IStoreSession? session)
    {
        if (session is { State: SessionState.Lost })
        {
            throw new StoreException(StoreError.SessionEnded, $"Session {session.Id} is over ({session.EndReason}); nothing was sent.");
        }
    }

    private void CheckSize(Transaction transaction)
    {
        string? fault =
            transaction.OperationCount == 0 ? "The transaction holds no operation."
            : transaction.OperationCount > Limits.MaxTransactionOperations
                ? $"The transaction holds {transaction.OperationCount} operations (a session-bound set counts two); the limit is {Limits.MaxTransactionOperations}."
            : transaction.ByteCount > Limits.MaxTransactionBytes
                ? $"The transaction holds {transaction.ByteCount} bytes of keys and values; the limit is {Limits.MaxTransactionBytes}."
            : null;
        if (fault is not null)
        {
            throw new ArgumentException(fault, nameof(transaction));
        }
    }

    /// <summary>Sends a call and records what came of it.</summary>
    protected async ValueTask<T> MeasureAsync<TCall, T>(string operation, string? key, TCall call, Func<TCall, ValueTask<T>> send)
    {
        // Before the store is called: what it does is part of the activity, and it may do all of it before it first awaits.
        long start = time.GetTimestamp();
        using Activity? activity = Telemetry.StartActivity(Kind, operation, key);
        string outcome = "ok";
        try
        {
            T result = await send(call).ConfigureAwait(false);
            if (result is WriteResult { Applied: false } or SeatTaken { Write.Applied: false })
            {
                outcome = "refused";
            }

            return result;
        }
        catch (StoreException e)
        {
            outcome = Telemetry.Name(e.Error);
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
        catch (Exception e)
        {
            outcome = e is OperationCanceledException ? "cancelled" : "failed";
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
        finally
        {
            Telemetry.RecordOperation(Kind, operation, outcome, time.GetElapsedTime(start));
        }
    }
}
