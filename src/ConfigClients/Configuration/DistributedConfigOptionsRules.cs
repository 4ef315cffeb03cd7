using Microsoft.Extensions.Options;

namespace ConfigClients.Configuration;

/// <summary>What options must obey. Every fault is reported, not only the first.</summary>
internal static class DistributedConfigOptionsRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <param name="options">The options.</param>
    /// <param name="unreadable">Faults that are known already.</param>
    /// <exception cref="OptionsValidationException">There is any fault.</exception>
    public static void Check(DistributedConfigOptions options, IEnumerable<string> unreadable)
    {
        ValidateOptionsResultBuilder result = new();
        foreach (string fault in unreadable)
        {
            result.AddError(fault);
        }

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

        if (options.TimeProvider is null)
        {
            result.AddError("There must be a clock.", nameof(options.TimeProvider));
        }

        CheckPlaces(result, options);
        ValidateOptionsResult outcome = result.Build();
        if (outcome.Failed)
        {
            throw new OptionsValidationException(nameof(DistributedConfigOptions), typeof(DistributedConfigOptions), outcome.Failures);
        }
    }

    private static void CheckPlaces(ValidateOptionsResultBuilder result, DistributedConfigOptions options)
    {
        Try(result, nameof(options.Address), () => _ = options.Address is null ? null : StoreAddress.Parse(options.Address, nameof(options.Address)));
        bool hasPrefix = Try(result, nameof(options.Prefix), () => ConfigKey.CheckPrefix(options.Prefix?.Trim('/')!, nameof(options.Prefix)));
        if (options.Layers.Any(layer => layer is null))
        {
            result.AddError("A layer must not be null.", nameof(options.Layers));
        }
        else if (hasPrefix)
        {
            Try(result, nameof(options.Layers), () => _ = LayerSet.From(options));
        }
    }

    private static bool Try(ValidateOptionsResultBuilder result, string name, Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (ArgumentException e)
        {
            result.AddError(e.Message, name);
            return false;
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
