using Microsoft.Extensions.Options;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>What counts when options, address and environment are put together.</summary>
public sealed class ZooKeeperStoreFactoryTests
{
    [Theory]
    [InlineData("zookeeper://a:1234,b/x/y", "a:1234 b", "x/y", false)]
    [InlineData("zookeeper://a", "a", "configured", false)]
    [InlineData("zookeeper://a/", "a", "configured", false)]
    [InlineData("ZooKeeper+TLS://a,[::1]:9/x", "a [::1]:9", "x", true)]
    [InlineData(null, "own:1", "configured", true)]
    public void An_address_says_where(string? address, string servers, string prefix, bool useTls)
    {
        ZooKeeperStoreOptions options = new() { Prefix = "configured", UseTls = true };
        options.Servers.Add("own:1");

        ZooKeeperStoreOptions effective = new ZooKeeperStoreFactory(options).Resolve(address is null ? null : StoreAddress.Parse(address), null);

        Assert.Equal((servers, prefix, useTls), (string.Join(' ', effective.Servers), effective.Prefix, effective.UseTls));
        Assert.Equal(("own:1", "configured", true), (Assert.Single(options.Servers), options.Prefix, options.UseTls));
    }

    [Theory]
    [InlineData("zookeeper:")]
    [InlineData("zookeeper:2181")]
    public void An_address_without_a_host_is_a_fault(string address) =>
        Assert.Throws<OptionsValidationException>(() => new ZooKeeperStoreFactory(new ZooKeeperStoreOptions()).Resolve(StoreAddress.Parse(address), null));

    [Theory]
    [InlineData("zookeeper://")]
    [InlineData("zookeeper:///a")]
    [InlineData("zookeeper://a,,b")]
    [InlineData("zookeeper://a:0")]
    [InlineData("zookeeper://a:65536")]
    [InlineData("zookeeper://::1")]
    [InlineData("zookeeper://bob:hunter2@a")]
    [InlineData("zookeeper://a/x//y")]
    [InlineData("zookeeper://a/../y")]
    [InlineData("zookeeper://a/x?password=hunter2")]
    [InlineData("zookeeper://a/x#hunter2")]
    public void What_is_no_address_is_refused_and_not_repeated(string address)
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseZooKeeper();

        ArgumentException failure = Assert.ThrowsAny<ArgumentException>(() => builder.UseAddress(address).Build());

        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "bob:pw", "bob", "pw")]
    [InlineData(null, null, "bob:p:w", "bob", "p:w")]
    [InlineData("own", "mine", "bob:pw", "own", "mine")]
    [InlineData(null, null, ":pw", null, null)]
    [InlineData(null, null, "bob", null, null)]
    [InlineData(null, null, "", null, null)]
    [InlineData(null, null, null, null, null)]
    public void User_and_password_come_from_the_environment_where_the_options_name_none(
        string? user, string? password, string? environment, string? expectedUser, string? expectedPassword)
    {
        ZooKeeperStoreOptions options = new() { User = user, Password = password };

        ZooKeeperStoreOptions effective = new ZooKeeperStoreFactory(options).Resolve(StoreAddress.Parse("zookeeper://127.0.0.1"), environment);

        Assert.Equal((expectedUser, expectedPassword), (effective.User, effective.Password));
        Assert.Equal((user, password), (options.User, options.Password));
    }

    [Theory]
    [InlineData("own", null, "bob:hunter2")]
    [InlineData(null, "hunter2", "bob:other")]
    public void A_user_without_a_password_or_the_other_way_round_is_a_fault(string? user, string? password, string? environment)
    {
        ZooKeeperStoreFactory factory = new(new ZooKeeperStoreOptions { User = user, Password = password });

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(
            () => factory.Resolve(StoreAddress.Parse("zookeeper://127.0.0.1"), environment));

        Assert.Contains("belong together", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_of_the_environment_does_not_go_in_clear_to_another_host()
    {
        ZooKeeperStoreFactory factory = new(new ZooKeeperStoreOptions());

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => factory.Resolve(StoreAddress.Parse("zookeeper://zk.example"), "bob:hunter2"));

        Assert.Contains("AllowInsecurePassword", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_chosen_by_servers_or_by_its_addresses()
    {
        ZooKeeperStoreOptions options = new();
        options.Servers.Add("a");

        Assert.False(new ZooKeeperStoreFactory(new ZooKeeperStoreOptions()).IsConfigured);
        Assert.True(new ZooKeeperStoreFactory(options).IsConfigured);
        Assert.Equal(["zookeeper", "zookeeper+tls"], new ZooKeeperStoreFactory(options).Schemes);
    }
}
