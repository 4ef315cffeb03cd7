using Microsoft.Extensions.Options;

namespace ConfigClients.Etcd.Tests;

/// <summary>What is refused before any I/O, and that nothing secret is repeated.</summary>
public sealed class EtcdStoreOptionsTests
{
    private static readonly Uri Good = new("http://127.0.0.1:2379");

    public static TheoryData<string, Action<EtcdStoreOptions>> Faults => new()
    {
        { "Endpoints", options => options.Endpoints.Clear() },
        { "Endpoints", options => options.Endpoints.Add(null!) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("ftp://a")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("/relative", UriKind.Relative)) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://user:hunter2@a:2379")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://a:2379/path")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://a:2379/?password=hunter2")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://a:2379/#hunter2")) },
        { "Endpoints", options => options.Endpoints.Add(new Uri("http://a:0")) },
        { "same scheme", options => options.Endpoints.Add(new Uri("https://a:2379")) },
        { "AllowInsecurePassword", options => { SetUser(options); options.Endpoints.Add(new Uri("http://etcd.example:2379")); } },
        { "AllowInsecurePassword", options => { SetUser(options); options.Endpoints.Add(new Uri("http://192.0.2.1:2379")); } },
        { "Prefix", options => options.Prefix = null! },
        { "Prefix", options => options.Prefix = "/" },
        { "Prefix", options => options.Prefix = "a/" },
        { "Prefix", options => options.Prefix = "//a" },
        { "Prefix", options => options.Prefix = "a//b" },
        { "Prefix", options => options.Prefix = "a/../b" },
        { "Prefix", options => options.Prefix = new string('a', 256) },
        { "User", options => options.Password = "hunter2" },
        { "Password", options => options.User = "root" },
        { "User", options => { SetUser(options); options.User = ""; } },
        { "User", options => { SetUser(options); options.User = "ro\not"; } },
        { "User", options => { SetUser(options); options.User = new string('r', 257); } },
        { "RequestTimeout", options => options.RequestTimeout = TimeSpan.FromMilliseconds(99) },
        { "RequestTimeout", options => options.RequestTimeout = TimeSpan.FromMinutes(5.1) },
        { "RequestTimeout", options => options.RequestTimeout = Timeout.InfiniteTimeSpan },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.FromSeconds(6) },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.Zero },
        { "MaxWatchAge", options => options.MaxWatchAge = TimeSpan.FromSeconds(9) },
        { "MaxWatchAge", options => options.MaxWatchAge = TimeSpan.MaxValue },
        { "CaFile", options => options.Tls.CaFile = "no-such-file.pem" },
        { "CaFile", options => { options.Tls.CaFile = "no-such-file.pem"; options.Tls.CaCertificates = []; } },
        { "CaFile", options => options.Tls.CaFile = typeof(EtcdStoreOptionsTests).Assembly.Location },
        { "ClientCertificateFile", options => options.Tls.ClientCertificateFile = typeof(EtcdStoreOptionsTests).Assembly.Location },
        { "ClientKeyFile", options => options.Tls.ClientKeyFile = "no-such-file.pem" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_and_no_secret_repeated(string name, Action<EtcdStoreOptions> spoil)
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => EtcdStores.Open(Good, spoil));

        Assert.Contains(failure.Failures, fault => fault.Contains(name, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_come_at_once()
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => EtcdStores.Open(Good, options =>
        {
            options.Prefix = "/";
            options.User = "";
            options.MaxWatchAge = TimeSpan.Zero;
        }));

        // The user twice: it is empty, and the password is missing.
        Assert.Equal(4, failure.Failures.Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a")]
    [InlineData("/a/b")]
    [InlineData("a/é/😀")]
    public async Task A_prefix_is_a_key_or_a_slash_and_a_key(string prefix)
    {
        await using IConfigStore store = EtcdStores.Open(Good, options => options.Prefix = prefix);

        Assert.Equal("etcd", store.Kind);
    }

    [Theory]
    [InlineData("http://127.0.0.1:2379", false)]
    [InlineData("http://[::1]:2379", false)]
    [InlineData("http://localhost:2379", false)]
    [InlineData("https://etcd.example:2379", false)]
    [InlineData("http://etcd.example:2379", true)]
    public async Task A_password_goes_in_clear_only_to_this_machine_or_with_a_word_of_the_user(string endpoint, bool allow)
    {
        await using IConfigStore store = EtcdStores.Open(new Uri(endpoint), options =>
        {
            SetUser(options);
            options.AllowInsecurePassword = allow;
        });

        Assert.Equal("etcd", store.Kind);
    }

    private static void SetUser(EtcdStoreOptions options)
    {
        options.User = "root";
        options.Password = "hunter2";
    }
}
