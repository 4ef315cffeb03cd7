using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Who may do what, and what becomes of credentials.</summary>
public sealed class ZooKeeperAuthTests
{
    private static readonly ZooKeeperCreateOptions Mine = new() { Acl = ZooKeeperAcl.Creator };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_who_showed_the_credential_may_read()
    {
        (ZooKeeperClient owner, string root) = await ZooKeeperClients.OpenSharedAsync(static options => options.Credentials.Add(ZooKeeperCredential.Digest("bob", "secret")));
        await using ZooKeeperClient owned = owner;
        await using ZooKeeperClient stranger = ZooKeeperClients.Open(await SharedZooKeeper.GetAsync());
        await owner.CreateAsync(root + "/mine", "v"u8.ToArray(), options: Mine, cancellationToken: Stop);

        ZooKeeperException refused = await Assert.ThrowsAsync<ZooKeeperException>(() => stranger.GetDataAsync(root + "/mine", Stop).AsTask());
        IReadOnlyList<ZooKeeperReadResult> among = await stranger.ReadManyAsync([ZooKeeperRead.Data(root), ZooKeeperRead.Data(root + "/mine")], Stop);
        await stranger.AddCredentialAsync(ZooKeeperCredential.Digest("bob", "secret"), Stop);

        Assert.Equal((ZooKeeperError.NoAuth, false), (refused.Error, refused.MayHaveApplied));
        Assert.Equal([ZooKeeperError.None, ZooKeeperError.NoAuth], among.Select(static read => read.Error));
        Assert.NotNull(await stranger.GetDataAsync(root + "/mine", Stop));
        Assert.Equal([ZooKeeperAcl.Digest(ZooKeeperPermissions.All, "bob", "secret")], (await owner.GetAclAsync(root + "/mine", Stop)).Acl);
    }

    [Fact]
    public async Task Credentials_are_shown_again_after_a_reconnect_before_anything_is_asked()
    {
        ZooKeeperBackend server = await SharedZooKeeper.GetAsync();
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using ZooKeeperClient client = ZooKeeperClients.Open(proxy, static options => options.Credentials.Add(ZooKeeperCredential.Digest("bob", "secret")));
        await client.AddCredentialAsync(ZooKeeperCredential.Digest("eve", "secret"), Stop);
        string path = $"/t-{Guid.NewGuid():n}";
        await client.CreateAsync(path, null, options: Mine, cancellationToken: Stop);

        for (int i = 0; i < 5; i++)
        {
            proxy.ResetAll();
            await Eventually.ReadAsync(
                async () =>
                {
                    try
                    {
                        return await client.GetDataAsync(path, Stop) is not null;
                    }
                    catch (ZooKeeperException e) when (e.Error == ZooKeeperError.ConnectionLoss)
                    {
                        return false;
                    }
                },
                static read => read);
        }

        Assert.Equal(2, (await client.WhoAmIAsync(Stop)).Count(static identity => identity.Scheme == "digest"));
    }

    [Fact]
    public async Task A_scheme_that_the_server_refuses_is_final()
    {
        CapturedLog log = new();
        await using ZooKeeperClient client = ZooKeeperClients.Open(await SharedZooKeeper.GetAsync(), options =>
        {
            options.Credentials.Add(new ZooKeeperCredential("no-such-scheme", "canary"u8));
            options.Logger = log;
        });

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/", Stop).AsTask());
        ZooKeeperException again = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/", Stop).AsTask());

        Assert.Equal((ZooKeeperError.AuthFailed, ZooKeeperError.AuthFailed, false), (failure.Error, again.Error, again.IsTransient));
        Assert.Equal(ZooKeeperState.AuthFailed, client.State);
        Assert.DoesNotContain(log.Lines, static line => line.Contains("canary", StringComparison.Ordinal));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_insists_on_a_credential_refuses_for_good_whoever_has_none()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new ZooKeeperBackendOptions { DigestRequired = true }, Stop);
        await using ZooKeeperClient without = ZooKeeperClients.Open(server);
        await using ZooKeeperClient with = ZooKeeperClients.Open(server, static options => options.Credentials.Add(ZooKeeperCredential.Digest("bob", "secret")));

        Assert.NotNull(await with.GetDataAsync("/", Stop));
        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => without.CreateAsync("/a", null, cancellationToken: Stop).AsTask());
        await Eventually.HoldsAsync(() => without.State == ZooKeeperState.AuthFailed);
        Assert.Contains(failure.Error, new[] { ZooKeeperError.AuthFailed, ZooKeeperError.SessionClosedRequireAuth });
    }
}
