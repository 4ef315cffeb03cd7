using Microsoft.Extensions.Options;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedStoreOptionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void All_faults_are_listed_at_once()
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseEmbedded(options =>
        {
            options.Path = " ";
            options.InMemory = true;
            options.RequestTimeout = TimeSpan.FromMilliseconds(99);
            options.PollInterval = TimeSpan.FromSeconds(2);
            options.Durability = (EmbeddedDurability)7;
        });

        OptionsValidationException e = Assert.Throws<OptionsValidationException>(builder.Build);

        Assert.Equal(5, e.Failures.Count());
        Assert.All(
            ["RequestTimeout", "PollInterval", "Durability", "exclude each other", "names no file"],
            fault => Assert.Contains(e.Failures, failure => failure.Contains(fault, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("00:00:00.1", "00:00:00.001")]
    [InlineData("00:05:00", "00:00:01")]
    public async Task The_ends_of_the_ranges_are_valid(string requestTimeout, string pollInterval)
    {
        await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded(options =>
        {
            options.InMemory = true;
            options.RequestTimeout = TimeSpan.Parse(requestTimeout, null);
            options.PollInterval = TimeSpan.Parse(pollInterval, null);
            options.Durability = EmbeddedDurability.Normal;
        }).Build();

        Assert.True((await store.SetAsync("k", "v", cancellationToken: Token)).Applied);
    }

    [Fact]
    public void An_address_with_a_server_is_refused()
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseEmbedded().UseAddress("embedded://host/file.db");

        Assert.Throws<ArgumentException>(builder.Build);
    }

    [Fact]
    public async Task Memory_is_private_to_one_store_object()
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseEmbedded().UseAddress("embedded::memory:");
        await using IConfigStore one = builder.Build();
        await using IConfigStore other = builder.Build();

        await one.SetAsync("k", "v", cancellationToken: Token);

        Assert.NotNull(await one.GetAsync("k", Token));
        Assert.Null(await other.GetAsync("k", Token));
    }

    [Fact]
    public async Task The_path_of_an_address_comes_before_the_path_of_the_options()
    {
        string directory = Directory.CreateTempSubdirectory("configclients-").FullName;
        try
        {
            await using IConfigStore store = new ConfigStoreBuilder()
                .UseEmbedded(options => options.InMemory = true)
                .UseAddress($"embedded:{directory}/addressed.db")
                .Build();

            await store.SetAsync("k", "v", cancellationToken: Token);

            Assert.True(File.Exists(Path.Combine(directory, "addressed.db")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
