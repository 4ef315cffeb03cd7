using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ConfigClients.Tests;

/// <summary>What is refused before the store is opened, all of it at once, and without a word of what an address may hold.</summary>
public sealed class DistributedConfigOptionsTests
{
    public static TheoryData<string, Action<DistributedConfigOptions>> Faults => new()
    {
        { "Address", options => options.Address = "consul://user:CANARY@host" },
        { "Address", options => options.Address = "CANARY" },
        { "Address", options => options.Address = " " },
        { "Prefix", options => options.Prefix = "a//b" },
        { "Prefix", options => options.Prefix = null! },
        { "Layers", options => options.Layers.Add("a/../b") },
        { "Layers", options => options.Layers.Add(null!) },
        { "Layers", options => { options.Layers.Add("a"); options.Layers.Add("/a"); } },
        { "Layers", options => { options.Layers.Add("{environment}"); options.Environment = ""; } },
        { "Layers", options => { options.Layers.Add("{application}"); options.Application = null; } },
        { "Format", options => options.Format = (ValueFormat)9 },
        { "Mode", options => options.Mode = (SyncMode)9 },
        { "StartupMode", options => options.StartupMode = (StartupMode)9 },
        { "Vanished", options => options.Vanished = (VanishedPolicy)9 },
        { "VerifyInterval", options => options.VerifyInterval = TimeSpan.FromMilliseconds(999) },
        { "VerifyInterval", options => options.VerifyInterval = TimeSpan.FromDays(2) },
        { "PollInterval", options => options.PollInterval = TimeSpan.Zero },
        { "PollInterval", options => options.PollInterval = Timeout.InfiniteTimeSpan },
        { "CoalesceWindow", options => options.CoalesceWindow = TimeSpan.FromMilliseconds(-1) },
        { "CoalesceWindow", options => options.CoalesceWindow = TimeSpan.FromSeconds(61) },
        { "StartupBudget", options => options.StartupBudget = TimeSpan.FromMilliseconds(99) },
        { "StartupBudget", options => options.StartupBudget = TimeSpan.MaxValue },
        { "StartupBrake", options => options.StartupBrake = TimeSpan.FromSeconds(61) },
        { "DenySections", options => options.DenySections.Add(" ") },
        { "DenySections", options => options.DenySections.Add(null!) },
        { "TimeProvider", options => options.TimeProvider = null! },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_and_an_address_not_repeated(string name, Action<DistributedConfigOptions> spoil)
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => new ConfigurationBuilder().AddDistributedConfig(spoil));

        Assert.Contains(name, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_code_section_and_address_come_at_once()
    {
        using ConfigurationManager configuration = new();
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DistributedConfig:Address"] = "CANARY",
            ["DistributedConfig:PollInterval"] = "CANARY",
            ["DistributedConfig:Mode"] = "CANARY",
            ["DistributedConfig:AllowEmpty"] = "CANARY",
            ["DistributedConfig:CoalesceWindow"] = "02:00:00",
        });

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => configuration.AddDistributedConfig(options =>
        {
            options.Prefix = "a//b";
            options.StartupBrake = TimeSpan.FromDays(1);
        }));

        Assert.Equal(7, failure.Failures.Count());
        Assert.All(
            ["Address", "PollInterval", "Mode", "AllowEmpty", "CoalesceWindow", "Prefix", "StartupBrake"],
            name => Assert.Single(failure.Failures, fault => fault.Contains(name, StringComparison.Ordinal)));
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ends_of_the_ranges_are_valid()
    {
        Action<DistributedConfigOptions>[] ends =
        [
            options => (options.VerifyInterval, options.PollInterval, options.CoalesceWindow) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.Zero),
            options => (options.VerifyInterval, options.PollInterval, options.CoalesceWindow) = (TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromMinutes(1)),
            options => (options.VerifyInterval, options.StartupBudget, options.StartupBrake) = (Timeout.InfiniteTimeSpan, TimeSpan.FromMilliseconds(100), TimeSpan.Zero),
            options => (options.StartupBudget, options.StartupBrake, options.Prefix) = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), "/a/b/"),
        ];

        Assert.All(ends, end => Assert.Null(Record.Exception(() =>
        {
            using ConfigurationRoot root = (ConfigurationRoot)new ConfigurationBuilder().AddDistributedConfig(options =>
            {
                options.Address = "embedded::memory:";
                end(options);
            }).Build();
        })));
    }
}
