using Microsoft.Extensions.Options;

namespace ConfigClients.Etcd.Tests;

/// <summary>What counts when options, address and environment are put together.</summary>
public sealed class EtcdStoreFactoryTests
{
    [Theory]
    [InlineData("etcd://a:1234,b/x/y", "http://a:1234/ http://b:2379/", "x/y")]
    [InlineData("etcd://a", "http://a:2379/", "configured")]
    [InlineData("etcd+https://a,[::1]:9", "https://a:2379/ https://[::1]:9/", "configured")]
    [InlineData(null, "http://own:1/", "configured")]
    public void An_address_says_where(string? address, string endpoints, string prefix)
    {
        EtcdStoreOptions options = new() { Prefix = "configured" };
        options.Endpoints.Add(new Uri("http://own:1"));

        EtcdStoreOptions effective = new EtcdStoreFactory(options).Resolve(address is null ? null : StoreAddress.Parse(address), null, null);

        Assert.Equal((endpoints, prefix), (string.Join(' ', effective.Endpoints), effective.Prefix));
        Assert.Equal("http://own:1/", Assert.Single(options.Endpoints).ToString());
    }

    [Theory]
    [InlineData(null, null, "root:pw", null, "root", "pw")]
    [InlineData(null, null, "root:p:w", null, "root", "p:w")]
    [InlineData(null, null, "root:", "env", "root", "")]
    [InlineData(null, null, "root:pw", "env", "root", "pw")]
    [InlineData(null, null, "root", "env", "root", "env")]
    [InlineData("own", null, "root:pw", "env", "own", "env")]
    [InlineData("own", "mine", "root:pw", "env", "own", "mine")]
    [InlineData("own", "", "root:pw", "env", "own", "")]
    [InlineData(null, null, " ", "env", null, null)]
    [InlineData(null, null, null, "env", null, null)]
    [InlineData(null, null, null, null, null, null)]
    public void User_and_password_come_from_the_environment_where_the_options_name_none(
        string? user, string? password, string? environmentUser, string? environmentPassword, string? expectedUser, string? expectedPassword)
    {
        EtcdStoreOptions options = new() { User = user, Password = password };

        EtcdStoreOptions effective = new EtcdStoreFactory(options).Resolve(StoreAddress.Parse("etcd://127.0.0.1"), environmentUser, environmentPassword);

        Assert.Equal((expectedUser, expectedPassword), (effective.User, effective.Password));
        Assert.Equal((user, password), (options.User, options.Password));
    }

    [Theory]
    [InlineData(null, null, "root", null)]
    [InlineData(null, null, "root", "")]
    [InlineData("own", null, "root:hunter2", null)]
    [InlineData("own", null, "root:hunter2", "")]
    [InlineData(null, "hunter2", "root:other", "hunter2")]
    public void A_user_without_a_password_or_the_other_way_round_is_a_fault(string? user, string? password, string? environmentUser, string? environmentPassword)
    {
        EtcdStoreFactory factory = new(new EtcdStoreOptions { User = user, Password = password });

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(
            () => factory.Resolve(StoreAddress.Parse("etcd://127.0.0.1"), environmentUser, environmentPassword));

        Assert.Contains("belong together", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_of_the_environment_does_not_go_in_clear_to_another_host()
    {
        EtcdStoreFactory factory = new(new EtcdStoreOptions());

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => factory.Resolve(StoreAddress.Parse("etcd://etcd.example"), "root:hunter2", null));

        Assert.Contains("AllowInsecurePassword", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("root", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etcd:")]
    [InlineData("etcd:2379")]
    public void An_address_without_a_host_is_a_fault(string address) =>
        Assert.Throws<OptionsValidationException>(() => new EtcdStoreFactory(new EtcdStoreOptions()).Resolve(StoreAddress.Parse(address), null, null));

    [Fact]
    public void It_is_chosen_by_endpoints_or_by_its_addresses()
    {
        EtcdStoreOptions options = new();
        options.Endpoints.Add(new Uri("http://a:2379"));

        Assert.False(new EtcdStoreFactory(new EtcdStoreOptions()).IsConfigured);
        Assert.True(new EtcdStoreFactory(options).IsConfigured);
        Assert.Equal(["etcd", "etcd+https"], new EtcdStoreFactory(options).Schemes);
    }
}
