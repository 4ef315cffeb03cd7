using Microsoft.Extensions.Options;

namespace ConfigClients.Leading;

/// <summary>What the options of a leader service may be.</summary>
internal sealed class LeaderServiceOptionsRules : IValidateOptions<LeaderServiceOptions>
{
    private const int MaxPayloadBytes = 350 * 1024;
    private static readonly TimeSpan MinBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, LeaderServiceOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        Check(options.SessionTtl < StoreSessionOptions.MinTtl || options.SessionTtl > StoreSessionOptions.MaxTtl, nameof(options.SessionTtl), options.SessionTtl, "10 s to 40 s");
        Check(options.Grace < TimeSpan.Zero || options.Grace > options.SessionTtl / 2, nameof(options.Grace), options.Grace,
            $"0 to {(options.SessionTtl / 2).TotalSeconds} s, half of SessionTtl: otherwise the service would be stopped between healthy heartbeats");
        Check(options.BackOff < MinBackOff, nameof(options.BackOff), options.BackOff, "100 ms or more");
        Check(options.MaxBackOff < options.BackOff || options.MaxBackOff > LongestBackOff, nameof(options.MaxBackOff), options.MaxBackOff,
            $"{options.BackOff.TotalSeconds} s (BackOff) to 10 min");
        if (options.Payload is { Length: > MaxPayloadBytes } payload)
        {
            result.AddError($"{Path(nameof(options.Payload))} has {payload.Length} bytes; it must be up to {MaxPayloadBytes}.");
        }

        if (options.TimeProvider is null)
        {
            result.AddError($"{Path(nameof(options.TimeProvider))} must not be null.");
        }

        return result.Build();

        string Path(string property) => $"Leader service \"{name}\": {property}";

        void Check(bool isWrong, string property, TimeSpan value, string range)
        {
            if (isWrong)
            {
                result.AddError($"{Path(property)} is {value.TotalSeconds} s; it must be {range}.");
            }
        }
    }
}
