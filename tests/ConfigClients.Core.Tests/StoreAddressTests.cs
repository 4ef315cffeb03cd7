namespace ConfigClients.Core.Tests;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("embedded:", "embedded", "", "")]
    [InlineData("embedded:/var/lib/app/store.db", "embedded", "", "/var/lib/app/store.db")]
    [InlineData("embedded:C:\\app\\store.db", "embedded", "", "C:\\app\\store.db")]
    [InlineData("CONSUL://host:8500", "consul", "host:8500", "")]
    [InlineData("consul://host", "consul", "host", "")]
    [InlineData("consul://host/", "consul", "host", "")]
    [InlineData("etcd://a:2379,b:2379 , c/team/app/", "etcd", "a:2379|b:2379|c", "team/app")]
    [InlineData("zookeeper://10.0.0.1:2181,[::1]:2181,[2001:db8::1]", "zookeeper", "10.0.0.1:2181|[::1]:2181|[2001:db8::1]", "")]
    [InlineData("x+y-z.1://host", "x+y-z.1", "host", "")]
    public void An_address_names_scheme_hosts_and_prefix(string text, string scheme, string hosts, string path)
    {
        StoreAddress address = StoreAddress.Parse(text);

        Assert.Equal((scheme, hosts, path), (address.Scheme, string.Join('|', address.Hosts), address.Path));
    }

    [Theory]
    [InlineData("embedded:/var/lib/app/store.db")]
    [InlineData("etcd://a:2379,b:2379/team/app")]
    [InlineData("zookeeper://[::1]:2181")]
    public void An_address_round_trips_through_its_text(string text) => Assert.Equal(text, StoreAddress.Parse(text).ToString());

    [Theory]
    [InlineData("consul://user:SECRET@host:8500")]
    [InlineData("consul://SECRET@host")]
    [InlineData("consul://user:SEC/RET@host")]
    [InlineData("consul://user:SECRET@a,b")]
    [InlineData("consul://a,user:SECRET@b")]
    [InlineData("consul://host:8500/p?token=SECRET")]
    [InlineData("consul://host:8500/p#SECRET")]
    [InlineData("consul://host:SECRET")]
    [InlineData("consul://host/SECRET//x")]
    [InlineData("consul://host/SECRET/../x")]
    [InlineData("SECRET")]
    [InlineData("SEC RET://host")]
    [InlineData("://SECRET")]
    [InlineData("consul://SECRET host")]
    public void What_is_refused_is_not_repeated(string text)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => StoreAddress.Parse(text));

        Assert.Equal("address", fault.ParamName);
        Assert.DoesNotContain("SEC", fault.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("consul")]
    [InlineData("1consul://host")]
    [InlineData("consul://")]
    [InlineData("consul:///prefix")]
    [InlineData("consul://:8500")]
    [InlineData("consul://a,,b")]
    [InlineData("consul://a,")]
    [InlineData("consul://host:")]
    [InlineData("consul://host:0")]
    [InlineData("consul://host:65536")]
    [InlineData("consul://host:-1")]
    [InlineData("consul://host:+1")]
    [InlineData("consul://::1:8500")]
    [InlineData("consul://2001:db8::1:8500")]
    [InlineData("consul://[host]:8500")]
    [InlineData("consul://[::1")]
    [InlineData("consul://ho st:8500")]
    public void What_is_no_address_is_refused(string text) => Assert.ThrowsAny<ArgumentException>(() => StoreAddress.Parse(text));

    [Fact]
    public void Null_is_refused() => Assert.Throws<ArgumentNullException>(static () => StoreAddress.Parse(null!));
}
