namespace ConfigClients.ZooKeeper.Tests;

/// <summary>Options are judged before anything is sent.</summary>
public sealed class ZooKeeperClientOptionsTests
{
    [Theory]
    [InlineData("a", "a", "")]
    [InlineData("a:1, b:2", "a:1,b:2", "")]
    [InlineData("a:1,b:2/app/x", "a:1,b:2", "/app/x")]
    [InlineData("a/", "a", "")]
    public void A_connection_string_is_read(string text, string servers, string chroot)
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse(text);

        Assert.Equal((servers, chroot), (string.Join(',', options.Servers), options.Chroot));
    }

    [Theory]
    [InlineData("/app")]
    [InlineData(",")]
    [InlineData("zk://a")]
    public void Anything_else_is_refused(string text) => Assert.Throws<FormatException>(() => ZooKeeperClientOptions.Parse(text));

    [Fact]
    public void All_faults_are_listed_at_once()
    {
        ZooKeeperClientOptions options = new()
        {
            Chroot = "app",
            SessionTimeout = TimeSpan.Zero,
            RequestTimeout = TimeSpan.FromDays(1),
            ConnectTimeout = TimeSpan.FromTicks(-1),
            MaxResponseBytes = 1,
            MaxQueuedEvents = 0,
        };

        ArgumentException failure = Assert.Throws<ArgumentException>(() => new ZooKeeperClient(options));

        Assert.All(
            "Servers Chroot SessionTimeout RequestTimeout ConnectTimeout MaxResponseBytes MaxQueuedEvents".Split(' '),
            name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.0.0.1", false, false)]
    [InlineData("zk.example.com", false, false)]
    [InlineData("localhost,zk.example.com", false, false)]
    [InlineData("10.0.0.1", true, true)]
    [InlineData("localhost,127.0.0.1,[::1]:1", false, true)]
    public async Task Credentials_go_in_clear_only_to_this_machine_or_by_permission(string servers, bool allowed, bool accepted)
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse(servers);
        options.AllowInsecureCredentials = allowed;
        options.Credentials.Add(ZooKeeperCredential.Digest("bob", "canary"));

        Exception? failure = Record.Exception(() => new ZooKeeperClient(options));
        options.Credentials.Clear();
        await using ZooKeeperClient client = new(options);

        Assert.Equal(accepted, failure is null);
        Assert.DoesNotContain("canary", $"{failure}", StringComparison.Ordinal);
        if (!accepted)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => client.AddCredentialAsync(ZooKeeperCredential.Digest("bob", "canary"), TestContext.Current.CancellationToken).AsTask());
        }
    }

    [Fact]
    public void Sasl_is_said_not_to_be_supported() =>
        Assert.Equal(ZooKeeperError.NotSupported, Assert.Throws<ZooKeeperException>(static () => new ZooKeeperCredential("SASL", [])).Error);

    [Theory]
    [InlineData(ZooKeeperCreateMode.PersistentWithTimeToLive, null)]
    [InlineData(ZooKeeperCreateMode.Persistent, 1000.0)]
    [InlineData(ZooKeeperCreateMode.PersistentWithTimeToLive, 0.5)]
    [InlineData(ZooKeeperCreateMode.PersistentWithTimeToLive, 1e13)]
    [InlineData((ZooKeeperCreateMode)9, null)]
    public async Task A_time_to_live_goes_with_its_modes_and_within_its_range(ZooKeeperCreateMode mode, double? milliseconds)
    {
        await using ZooKeeperClient client = new(ZooKeeperClientOptions.Parse("localhost"));
        ZooKeeperCreateOptions options = new() { TimeToLive = milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null };

        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.CreateAsync("/a", null, mode, options, TestContext.Current.CancellationToken).AsTask());
        Assert.ThrowsAny<ArgumentException>(() => new ZooKeeperMulti().Create("/a", null, mode, options));
    }
}
