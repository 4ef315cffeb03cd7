using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ConfigClients.Configuration;

/// <summary>What operators say about the configuration: the section <c>DistributedConfig</c>, and the environment where that is silent.</summary>
/// <remarks>Bound by hand: it needs no reflection, so it works ahead of time, and it never quotes a value that may hold a credential.</remarks>
internal static class DistributedConfigSection
{
    private const string Name = "DistributedConfig";

    /// <summary>Takes over what is said.</summary>
    /// <returns>What cannot be understood, each by its name: the rules of the options report it together with everything else.</returns>
    public static IReadOnlyList<string> Apply(IConfiguration configuration, DistributedConfigOptions options)
    {
        List<string> faults = [];
        IConfigurationSection section = configuration.GetSection(Name);
        options.Address = Text(section, nameof(options.Address)) ?? options.Address;
        options.Prefix = Text(section, nameof(options.Prefix)) ?? options.Prefix;
        options.Environment = Text(section, nameof(options.Environment)) ?? options.Environment;
        options.Application = Text(section, nameof(options.Application)) ?? options.Application;
        options.Format = Parse<ValueFormat>(section, faults, nameof(options.Format), TryEnum) ?? options.Format;
        options.Mode = Parse<SyncMode>(section, faults, nameof(options.Mode), TryEnum) ?? options.Mode;
        options.StartupMode = Parse<StartupMode>(section, faults, nameof(options.StartupMode), TryEnum) ?? options.StartupMode;
        options.Vanished = Parse<VanishedPolicy>(section, faults, nameof(options.Vanished), TryEnum) ?? options.Vanished;
        options.AllowEmpty = Parse<bool>(section, faults, nameof(options.AllowEmpty), bool.TryParse) ?? options.AllowEmpty;
        options.VerifyInterval = Parse<TimeSpan>(section, faults, nameof(options.VerifyInterval), TrySpan) ?? options.VerifyInterval;
        options.PollInterval = Parse<TimeSpan>(section, faults, nameof(options.PollInterval), TrySpan) ?? options.PollInterval;
        options.CoalesceWindow = Parse<TimeSpan>(section, faults, nameof(options.CoalesceWindow), TrySpan) ?? options.CoalesceWindow;
        options.StartupBudget = Parse<TimeSpan>(section, faults, nameof(options.StartupBudget), TrySpan) ?? options.StartupBudget;
        options.StartupBrake = Parse<TimeSpan>(section, faults, nameof(options.StartupBrake), TrySpan) ?? options.StartupBrake;
        Replace(section, nameof(options.Layers), options.Layers);
        Replace(section, nameof(options.DenySections), options.DenySections);
        return faults;
    }

    private static string? Text(IConfigurationSection section, string name)
    {
        string? text = section[name] ?? Environment.GetEnvironmentVariable($"{Name}__{name}");
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>A list is written as an array, or as one text with commas, as environment variables need it.</summary>
    private static void Replace(IConfigurationSection section, string name, IList<string> list)
    {
        List<string> said = [.. section.GetSection(name).GetChildren().Select(child => child.Value ?? "")];
        if (said.Count == 0 && Text(section, name) is { } text)
        {
            said.AddRange(text.Split(',', StringSplitOptions.TrimEntries));
        }

        if (said.Count > 0)
        {
            list.Clear();
            said.ForEach(list.Add);
        }
    }

    private static T? Parse<T>(IConfigurationSection section, List<string> faults, string name, Parser<T> parser)
        where T : struct
    {
        if (Text(section, name) is not { } text)
        {
            return null;
        }

        if (parser(text, out T value))
        {
            return value;
        }

        faults.Add($"{Name}:{name} is not a {typeof(T).Name}.");
        return null;
    }

    private static bool TrySpan(string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);

    private static bool TryEnum<T>(string text, out T value)
        where T : struct, Enum => Enum.TryParse(text, ignoreCase: true, out value);

    private delegate bool Parser<T>(string text, out T value);
}
