using Etcdserverpb;
using Grpc.Core;

namespace ConfigClients.Etcd.Wire;

/// <summary>Opens and ends leases. Keeping them is <see cref="EtcdLeaseStream"/>'s.</summary>
internal sealed class EtcdLeases(EtcdCalls calls)
{
    /// <summary>Longer than any election time-out could make it; and timers take no more than some weeks.</summary>
    private const long LongestTtlSeconds = 24 * 60 * 60;

    private static readonly Func<EtcdMember, LeaseGrantRequest, CallOptions, AsyncUnaryCall<LeaseGrantResponse>> Grant =
        static (member, request, options) => member.Leases.LeaseGrantAsync(request, options);

    private static readonly Func<EtcdMember, LeaseRevokeRequest, CallOptions, AsyncUnaryCall<LeaseRevokeResponse>> Revoke =
        static (member, request, options) => member.Leases.LeaseRevokeAsync(request, options);

    /// <summary>Opens a lease. One whose answer is lost holds nothing and ends by itself, so it counts as a read: it may be tried again.</summary>
    /// <returns>The lease, and the TTL that the server granted.</returns>
    public async ValueTask<(long Id, TimeSpan Ttl)> GrantAsync(TimeSpan ttl, CancellationToken cancellationToken)
    {
        LeaseGrantResponse answer = await calls.SendAsync(
            Grant, new LeaseGrantRequest { TTL = (long)Math.Ceiling(ttl.TotalSeconds) }, isWrite: false, cancellationToken).ConfigureAwait(false);
        return answer is { ID: not 0, TTL: > 0 and <= LongestTtlSeconds }
            ? (answer.ID, TimeSpan.FromSeconds(answer.TTL))
            : throw EtcdFailures.Violation("A session was granted without an id, or with a TTL that is none", isWrite: false);
    }

    /// <summary>Ends a lease and with it its keys. Ending it twice is ending it once.</summary>
    public async ValueTask<bool> RevokeAsync(long lease, CancellationToken cancellationToken)
    {
        try
        {
            await calls.SendAsync(Revoke, new LeaseRevokeRequest { ID = lease }, isWrite: false, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.Error == StoreError.SessionEnded)
        {
            // Ended already: what was wanted.
        }

        return true;
    }
}
