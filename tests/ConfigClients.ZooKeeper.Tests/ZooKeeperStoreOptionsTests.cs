using Microsoft.Extensions.Options;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>What a store refuses before any I/O, and that nothing secret is repeated.</summary>
public sealed class ZooKeeperStoreOptionsTests
{
    public static TheoryData<string, Action<ZooKeeperStoreOptions>> Faults => new()
    {
        { "Servers", options => options.Servers = [] },
        { "Servers", options => options.Servers.Add("") },
        { "Servers", options => options.Servers.Add(" ") },
        { "Servers", options => options.Servers.Add("zk-1:0") },
        { "Servers", options => options.Servers.Add("zk-1:65536") },
        { "Servers", options => options.Servers.Add("zk-1:") },
        { "Servers", options => options.Servers.Add("zk-1:+1") },
        { "Servers", options => options.Servers.Add("::1") },
        { "Servers", options => options.Servers.Add("[zk-1]:2181") },
        { "Servers", options => options.Servers.Add("zookeeper://zk-1") },
        { "Servers", options => options.Servers.Add("zk-1/path") },
        { "Servers", options => options.Servers.Add("bob:hunter2@zk-1") },
        { "AllowInsecurePassword", options => { SetUser(options); options.Servers.Add("zk.example"); } },
        { "AllowInsecurePassword", options => { SetUser(options); options.Servers.Add("192.0.2.1:2181"); } },
        { "Prefix", options => options.Prefix = null! },
        { "Prefix", options => options.Prefix = "/" },
        { "Prefix", options => options.Prefix = "/a" },
        { "Prefix", options => options.Prefix = "a/" },
        { "Prefix", options => options.Prefix = "a//b" },
        { "Prefix", options => options.Prefix = "a/../b" },
        { "Prefix", options => options.Prefix = new string('a', 256) },
        { "User", options => { SetUser(options); options.User = ""; } },
        { "User", options => { SetUser(options); options.User = "b:ob"; } },
        { "User", options => { SetUser(options); options.User = "b\nob"; } },
        { "User", options => { SetUser(options); options.User = new string('b', 257); } },
        { "Password", options => options.User = "bob" },
        { "Password", options => options.Password = "hunter2" },
        { "Acl", options => options.Acl = [] },
        { "RequestTimeout", options => options.RequestTimeout = TimeSpan.FromMilliseconds(99) },
        { "RequestTimeout", options => options.RequestTimeout = TimeSpan.FromMinutes(5.1) },
        { "RequestTimeout", options => options.RequestTimeout = Timeout.InfiniteTimeSpan },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.FromSeconds(6) },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.Zero },
        { "CaFile", options => SetFile(options, static tls => tls.CaFile = "no-such-file.pem") },
        { "CaFile", options => SetFile(options, static tls => tls.CaFile = typeof(ZooKeeperStoreOptionsTests).Assembly.Location) },
        { "ClientKeyFile", options => SetFile(options, static tls => tls.ClientKeyFile = "no-such-file.pem") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_and_no_secret_repeated(string name, Action<ZooKeeperStoreOptions> spoil)
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => Open("127.0.0.1", spoil));

        Assert.Contains(failure.Failures, fault => fault.Contains(name, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_come_at_once()
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => Open("127.0.0.1", options =>
        {
            options.Prefix = "/";
            options.User = "";
            options.Acl = [];
            options.RequestTimeout = TimeSpan.Zero;
        }));

        // The user twice: it is empty, and the password is missing. The time-out twice: too short, and shorter than the other.
        Assert.Equal(6, failure.Failures.Count());
    }

    [Theory]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("localhost:2181", false, false)]
    [InlineData("[::1]", false, false)]
    [InlineData("zk.example", true, false)]
    [InlineData("zk.example", false, true)]
    public async Task A_password_goes_in_clear_only_to_this_machine_or_with_a_word_of_the_user(string server, bool useTls, bool allow)
    {
        await using IConfigStore store = Open(server, options =>
        {
            SetUser(options);
            options.UseTls = useTls;
            options.AllowInsecurePassword = allow;
        });

        Assert.Equal("zookeeper", store.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a/é/😀")]
    [InlineData("zookeeper")]
    public async Task A_prefix_is_empty_or_a_key(string prefix)
    {
        await using IConfigStore store = Open("127.0.0.1", options => options.Prefix = prefix);

        Assert.False(store.Limits.ListIsPointInTime);
    }

    private static IConfigStore Open(string server, Action<ZooKeeperStoreOptions> configure) => new ConfigStoreBuilder()
        .UseZooKeeper(options =>
        {
            options.Servers.Add(server);
            configure(options);
        })
        .Build();

    private static void SetUser(ZooKeeperStoreOptions options) => (options.User, options.Password) = ("bob", "hunter2");

    private static void SetFile(ZooKeeperStoreOptions options, Action<StoreTlsOptions> set)
    {
        options.UseTls = true;
        set(options.Tls);
    }
}
