using Microsoft.Extensions.Options;

namespace ConfigClients.Consul.Tests;

/// <summary>What is refused before any I/O, and that nothing secret is repeated.</summary>
public sealed class ConsulStoreOptionsTests
{
    private static readonly Uri Good = new("http://127.0.0.1:8500");

    public static TheoryData<string, Action<ConsulStoreOptions>> Faults => new()
    {
        { "Endpoints", options => options.Endpoints.Clear() },
        { "Endpoints", options => options.Endpoints.Add(new Uri("ftp://a")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("/relative", UriKind.Relative)) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://user:hunter2@a:8500")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://a:8500/path")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://a:8500/?token=hunter2")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("https://a:8501")) },
        { "AllowInsecureToken", options => { options.Token = "hunter2"; options.Endpoints.Add(new Uri("http://consul.example:8500")); } },
        { "Token", options => options.Token = "hunter2\r\nX-Evil: 1" },
        { "Token", options => options.Token = "" },
        { "Prefix", options => options.Prefix = "/a" },
        { "Prefix", options => options.Prefix = "a/../b" },
        { "Datacenter", options => options.Datacenter = "dc1&x=1" },
        { "Namespace", options => options.Namespace = "" },
        { "Partition", options => options.Partition = "a b" },
        { "RequestTimeout", options => options.RequestTimeout = TimeSpan.FromMilliseconds(99) },
        { "RequestTimeout", options => options.RequestTimeout = Timeout.InfiniteTimeSpan },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.FromSeconds(6) },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.Zero },
        { "WatchWait", options => options.WatchWait = TimeSpan.FromSeconds(4) },
        { "WatchWait", options => options.WatchWait = TimeSpan.MaxValue },
        { "MaxConnections", options => options.MaxConnections = 0 },
        { "MaxWatchConnections", options => options.MaxWatchConnections = 1001 },
        { "CaFile", options => options.Tls.CaFile = "no-such-file.pem" },
        { "CaFile", options => { options.Tls.CaFile = "no-such-file.pem"; options.Tls.CaCertificates = []; } },
        { "CaFile", options => options.Tls.CaFile = typeof(ConsulStoreOptionsTests).Assembly.Location },
        { "ClientCertificateFile", options => options.Tls.ClientCertificateFile = typeof(ConsulStoreOptionsTests).Assembly.Location },
        { "ClientKeyFile", options => options.Tls.ClientKeyFile = "no-such-file.pem" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_and_no_secret_repeated(string name, Action<ConsulStoreOptions> spoil)
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => ConsulStores.Open(Good, spoil));

        Assert.Contains(failure.Failures, fault => fault.Contains(name, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_come_at_once()
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => ConsulStores.Open(Good, options =>
        {
            options.Prefix = "/";
            options.WatchWait = TimeSpan.Zero;
            options.MaxConnections = -1;
        }));

        Assert.Equal(3, failure.Failures.Count());
    }

    [Theory]
    [InlineData("consul://a:1234,b/x/y", "http://a:1234/ http://b:8500/", "x/y")]
    [InlineData("consul+https://a,[::1]:9", "https://a:8501/ https://[::1]:9/", "configured")]
    public void An_address_says_where(string address, string endpoints, string prefix)
    {
        ConsulStoreOptions options = new() { Prefix = "configured" };

        ConsulStoreOptions effective = new ConsulStoreFactory(options).Resolve(StoreAddress.Parse(address), null);

        Assert.Equal((endpoints, prefix), (string.Join(' ', effective.Endpoints), effective.Prefix));
        Assert.Empty(options.Endpoints);
    }

    [Theory]
    [InlineData(null, "from-environment", "from-environment")]
    [InlineData("own", "from-environment", "own")]
    [InlineData(null, " ", null)]
    [InlineData(null, null, null)]
    public void The_token_of_the_environment_is_the_default(string? token, string? environment, string? expected)
    {
        ConsulStoreOptions options = new() { Token = token };

        Assert.Equal(expected, new ConsulStoreFactory(options).Resolve(StoreAddress.Parse("consul://127.0.0.1"), environment).Token);
    }

    [Fact]
    public void A_token_in_clear_to_another_host_takes_a_word_of_the_user()
    {
        using IDisposable store = new Owned(ConsulStores.Open(new Uri("http://consul.example:8500"), options =>
        {
            options.Token = "t";
            options.AllowInsecureToken = true;
        }));

        Assert.NotNull(store);
    }

    private sealed class Owned(IConfigStore store) : IDisposable
    {
        public void Dispose() => store.DisposeAsync().AsTask().Wait();
    }
}
