using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ConfigClients.Backends.Tests;

public sealed class TestPkiTests
{
    [Fact]
    public void A_server_certificate_is_valid_for_loopback_and_the_names_given()
    {
        using TestPki pki = TestPki.Create();
        using X509Certificate2 server = pki.IssueServer("server.dc1.consul").ToX509();

        Assert.True(Verify(pki, server));
        Assert.True(server.MatchesHostname("127.0.0.1") && server.MatchesHostname("localhost") && server.MatchesHostname("server.dc1.consul"));
        Assert.True(server.HasPrivateKey);
    }

    [Fact]
    public void A_certificate_for_the_wrong_host_is_otherwise_in_order()
    {
        using TestPki pki = TestPki.Create();
        using X509Certificate2 server = pki.IssueForWrongHost().ToX509();

        Assert.True(Verify(pki, server));
        Assert.False(server.MatchesHostname("127.0.0.1") || server.MatchesHostname("localhost"));
    }

    [Fact]
    public void Expired_and_future_certificates_are_refused_for_their_time()
    {
        using TestPki pki = TestPki.Create();
        using X509Certificate2 expired = pki.IssueExpired().ToX509();
        using X509Certificate2 future = pki.IssueNotYetValid().ToX509();

        Assert.False(Verify(pki, expired));
        Assert.False(Verify(pki, future));
        Assert.True(expired.NotAfter < DateTime.Now && future.NotBefore > DateTime.Now);
    }

    [Fact]
    public void A_client_of_another_authority_is_a_stranger()
    {
        using TestPki pki = TestPki.Create();
        using TestPki other = TestPki.Create();
        using X509Certificate2 client = other.IssueClient("app").ToX509();

        Assert.False(Verify(pki, client));
        Assert.Equal("CN=app", client.Subject);
    }

    private static bool Verify(TestPki pki, X509Certificate2 certificate)
    {
        using X509Certificate2 authority = pki.ToX509();
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }
}
