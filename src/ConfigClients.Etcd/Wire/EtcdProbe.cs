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

    /// <summary>Asks how the member is.</summary>
    public async Task<EtcdHealth> AskAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        (StatusResponse? status, EtcdHealth health) = await StatusAsync(member, cancellationToken).ConfigureAwait(false);
        return status is null ? health : status.Leader != 0 && !status.IsLearner ? EtcdHealth.Well : EtcdHealth.Unwell;
    }

    /// <summary>Warns if the member's version is known to lose events.</summary>
    public async Task InspectAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        (StatusResponse? status, _) = await StatusAsync(member, cancellationToken).ConfigureAwait(false);
        if (status is not null && LosesEventsIn(status.Version))
        {
            Log.VersionLosesEvents(logger, member.Name, EtcdFailures.Brief(status.Version));
        }
    }

    /// <summary>Whether a version is known to lose events. One that cannot be read is not.</summary>
    internal static bool LosesEventsIn(string version) => Version.TryParse(version.Split('-', '+')[0], out Version? number) && number < LosesEvents;

    private async Task<(StatusResponse? Status, EtcdHealth Health)> StatusAsync(EtcdMember member, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using AsyncUnaryCall<StatusResponse> call = member.Maintenance.StatusAsync(new StatusRequest(), new CallOptions(cancellationToken: either.Token));
            return (await call.ResponseAsync.ConfigureAwait(false), EtcdHealth.Well);
        }
        catch (Exception e) when (either.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            return (null, EtcdHealth.Silent);
        }
        catch (RpcException e)
        {
            // It may refuse to tell: then it is well enough to refuse.
            bool refused = e.StatusCode is StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.InvalidArgument;
            return (null, refused ? EtcdHealth.Well : EtcdHealth.Unwell);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return (null, EtcdHealth.Unwell);
        }
    }
}
