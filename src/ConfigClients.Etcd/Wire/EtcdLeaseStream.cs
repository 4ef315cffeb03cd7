namespace ConfigClients.Etcd.Wire;

/// <summary>One keep-alive stream for all leases of a store; another one, at another member, when it breaks or falls silent. Thread-safe.</summary>
/// <param name="members">Where streams go.</param>
/// <param name="credentials">What goes along.</param>
/// <param name="patience">How long an answer may take before the member is looked at.</param>
/// <param name="time">The clock.</param>
internal sealed class EtcdLeaseStream(EtcdMembers members, EtcdCredentials credentials, TimeSpan patience, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private EtcdLeaseCall? _current;
    private bool _disposed;

    /// <summary>Renews a lease.</summary>
    /// <returns>How long it lives from now; zero if the server says that it is gone.</returns>
    /// <exception cref="StoreException">It is not known whether it was renewed.</exception>
    public async ValueTask<TimeSpan> BeatAsync(long lease, CancellationToken cancellationToken)
    {
        EtcdLeaseCall call = await OpenAsync(cancellationToken).ConfigureAwait(false);
        Task<TimeSpan> answer = call.BeatAsync(lease, cancellationToken);
        try
        {
            return await answer.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It may still come. Meanwhile a probe finds out whether that is worth waiting for.
            members.Suspect(call.Member);
        }

        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The heartbeat after this one must not wait behind the same silence.
            call.Break(new StoreException(StoreError.Unavailable, $"{call.Member.Name} did not answer a heartbeat in time."));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        EtcdLeaseCall? last = _current;
        _current = null;
        _opening.Release();
        if (last is not null)
        {
            await last.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<EtcdLeaseCall> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is { IsBroken: false } known)
        {
            return known;
        }

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IConfigStore));
            if (_current is { IsBroken: false } open)
            {
                return open;
            }

            if (_current is { } broken)
            {
                _current = null;
                await broken.DisposeAsync().ConfigureAwait(false);
            }

            EtcdMember member = members.Pick();
            return _current = new EtcdLeaseCall(member, members, credentials, await credentials.HeadersAsync(member, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _opening.Release();
        }
    }
}
