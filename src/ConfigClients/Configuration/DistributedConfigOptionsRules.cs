using Microsoft.Extensions.Options;

namespace ConfigClients.Configuration;

/// <summary>What options must obey. Every fault is reported, not only the first.</summary>
internal static class DistributedConfigOptionsRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static void Check(DistributedConfigOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        Range(result, options.PollInterval, TimeSpan.FromSeconds(1), Day, nameof(options.PollInterval));
        Range(result, options.CoalesceWindow, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(options.CoalesceWindow));
        Range(result, options.StartupBudget, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), nameof(options.StartupBudget));
        Range(result, options.StartupBrake, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(options.StartupBrake));
        if (options.VerifyInterval != Timeout.InfiniteTimeSpan)
        {
            Range(result, options.VerifyInterval, TimeSpan.FromSeconds(1), Day, nameof(options.VerifyInterval));
        }

        Defined(result, options.Mode, nameof(options.Mode));
        Defined(result, options.Format, nameof(options.Format));
        Defined(result, options.StartupMode, nameof(options.StartupMode));
        Defined(result, options.Vanished, nameof(options.Vanished));
        if (options.DenySections.Any(string.IsNullOrWhiteSpace))
        {
            result.AddError("A section must not be empty.", nameof(options.DenySections));
        }

        try
        {
            _ = LayerSet.From(options);
        }
        catch (ArgumentException e)
        {
            result.AddError(e.Message, nameof(options.Layers));
        }

        ValidateOptionsResult outcome = result.Build();
        if (outcome.Failed)
        {
            throw new OptionsValidationException(nameof(DistributedConfigOptions), typeof(DistributedConfigOptions), outcome.Failures);
        }
    }

    private static void Range(ValidateOptionsResultBuilder result, TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        if (value < least || value > most)
        {
            result.AddError($"{value} is outside {least} to {most}.", name);
        }
    }

    private static void Defined<T>(ValidateOptionsResultBuilder result, T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            result.AddError($"{value} is not one of {string.Join(", ", Enum.GetNames<T>())}.", name);
        }
    }
}
