using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfigClients;

/// <summary>Reports how old the configuration is, and what of it was rejected. Asks nobody: it reads what is known already.</summary>
internal sealed class StoreHealthCheck(IDistributedConfigStatus status, StoreHealthOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Dictionary<string, object> data = new(StringComparer.Ordinal)
        {
            ["state"] = status.State.ToString(),
            ["revision"] = status.Revision,
            ["keys"] = status.KeyCount,
            ["rejected"] = status.Rejected.Count,
        };
        if (status.Age is { } age)
        {
            data["ageSeconds"] = age.TotalSeconds;
        }

        return Task.FromResult(Judge(data));
    }

    private HealthCheckResult Judge(Dictionary<string, object> data)
    {
        if (status.StaleFor is { } stale)
        {
            string text = $"Out of date for {stale.TotalSeconds:F0} s: {status.StaleReason}";
            if (options.UnhealthyAfter != Timeout.InfiniteTimeSpan && stale > options.UnhealthyAfter)
            {
                return HealthCheckResult.Unhealthy(text, null, data);
            }

            if (stale > options.DegradedAfter || status.State == DistributedConfigState.Starting)
            {
                return HealthCheckResult.Degraded(text, null, data);
            }
        }

        return status.Vanished is [string vanished, ..] ? HealthCheckResult.Degraded($"Everything below \"{vanished}\" disappeared; the last good values are in use.", null, data)
            : status.Rejected is [DistributedConfigError rejected, ..] ? HealthCheckResult.Degraded(rejected.Message, null, data)
            : HealthCheckResult.Healthy(null, data);
    }
}
