using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd.Wire;

/// <summary>Asks one member how it is: it answers, knows a leader, and has a vote. Asks for its version, too.</summary>
/// <param name="timeout">Longest wait for an answer, connecting included.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For old versions.</param>
internal sealed class EtcdProbe(TimeSpan timeout, TimeProvider time, ILogger logger)
{
    /// <summary>Before it, watches can miss events without a word after a compaction, and leases can end early.</summary>
    private static readonly Version LosesEvents = new(3, 5, 13);

    /// <summary>Whether the member is well.</summary>
    public async Task<bool> IsWellAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        (StatusResponse? status, bool answered) = await AskAsync(member, cancellationToken).ConfigureAwait(false);

        // It may refuse to tell: then it is well enough to refuse.
        return status is null ? answered : status.Leader != 0 && !status.IsLearner;
    }

    /// <summary>Warns if the member's version is known to lose events.</summary>
    public async Task InspectAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        (StatusResponse? status, _) = await AskAsync(member, cancellationToken).ConfigureAwait(false);
        if (status is not null && LosesEventsIn(status.Version))
        {
            Log.VersionLosesEvents(logger, member.Name, status.Version);
        }
    }

    /// <summary>Whether a version is known to lose events. One that cannot be read is not.</summary>
    internal static bool LosesEventsIn(string version) => Version.TryParse(version.Split('-', '+')[0], out Version? number) && number < LosesEvents;

    private async Task<(StatusResponse? Status, bool Answered)> AskAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using AsyncUnaryCall<StatusResponse> call = member.Maintenance.StatusAsync(new StatusRequest(), new CallOptions(cancellationToken: either.Token));
            return (await call.ResponseAsync.ConfigureAwait(false), true);
        }
        catch (RpcException e)
        {
            return (null, e.StatusCode is StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.InvalidArgument);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return (null, false);
        }
    }
}
