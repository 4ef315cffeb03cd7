using ConfigClients.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ConfigClients.Tests;

public sealed class RegistrationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_configuration_built_elsewhere_brings_its_services()
    {
        using ConfigurationManager configuration = new();
        configuration.AddDistributedConfig(options => (options.Address, options.CoalesceWindow) = ("embedded::memory:", TimeSpan.Zero));
        await using ServiceProvider services = new ServiceCollection().AddDistributedConfig(configuration).BuildServiceProvider();

        await services.GetRequiredService<IConfigStore>().SetAsync("a", "1", cancellationToken: Cancelled);
        await services.GetRequiredService<IDistributedConfigRefresher>().RefreshAsync(Cancelled);

        Assert.Equal("1", configuration["a"]);
        Assert.Equal(DistributedConfigState.Live, services.GetRequiredService<IDistributedConfigStatus>().State);
    }

    [Fact]
    public void A_configuration_without_a_store_brings_none() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddDistributedConfig(new ConfigurationBuilder().Build()));

    [Fact]
    public void Editing_the_sources_afterwards_keeps_the_store_and_its_values()
    {
        FakeStore store = new();
        store.Write(("a", "1"));
        store.SaySnapshot();
        using ConfigurationManager configuration = new();
        configuration.AddDistributedConfig(options => options.Store.Use(store));

        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["b"] = "2" });
        IList<IConfigurationSource> sources = ((IConfigurationBuilder)configuration).Sources;
        sources.Remove(sources.Last());

        Assert.Equal(("1", null), (configuration["a"], configuration["b"]));
    }

    [Theory]
    [InlineData("DistributedConfig:Layers:0=shared", "DistributedConfig:Layers:1=app")]
    [InlineData("DistributedConfig:Layers= shared , app ", "DistributedConfig:Mode=pull")]
    public void Layers_are_said_by_the_section_as_a_list_or_as_one_text(params string[] said)
    {
        FakeStore store = new();
        store.Write(("shared/a", "1"), ("app/a", "2"), ("code/a", "3"));
        store.SaySnapshot();
        using ConfigurationManager configuration = new();
        configuration.AddInMemoryCollection(said.Select(line => line.Split('=')).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])));

        configuration.AddDistributedConfig(options =>
        {
            options.Store.Use(store);
            options.Layers.Add("code");
        });

        Assert.Equal("2", configuration["a"]);
    }

    [Fact]
    public void A_section_that_cannot_be_understood_says_which_option_and_not_the_value()
    {
        using ConfigurationManager configuration = new();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DistributedConfig:PollInterval"] = "CANARY" });

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => configuration.AddDistributedConfig());

        Assert.Contains("DistributedConfig:PollInterval", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_logged_before_there_is_a_host_reaches_its_logger()
    {
        using CapturedLog log = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddDistributedConfig(options => options.Address = "embedded::memory:");
        builder.Services.AddSingleton<ILoggerFactory>(log);
        using IHost host = builder.Build();
        Assert.DoesNotContain(log.Lines, line => line.Contains(" Loaded ", StringComparison.Ordinal));

        await host.StartAsync(Cancelled);

        Assert.Single(log.Lines, line => line.Contains(" Loaded ", StringComparison.Ordinal));
    }
}
