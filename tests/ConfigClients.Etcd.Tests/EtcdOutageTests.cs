using System.Globalization;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdOutageTests(EtcdFixture fixture) : StoreOutageConformance(fixture), IClassFixture<EtcdFixture>
{
    [Fact]
    public async Task A_session_that_an_operator_ended_is_over_at_the_next_heartbeat_and_for_writes_at_once()
    {
        await using IConfigStore store = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(10.5) }, Stop);
        long lease = long.Parse(session.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        string listed = await fixture.Server.Control.RunAsync(["lease", "list"], cancellationToken: Stop);

        await fixture.Server.Control.RevokeLeaseAsync(lease, Stop);
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(prefix + "/a", "v", session: session, cancellationToken: Stop).AsTask());
        await Eventually.HoldsAsync(() => session.Lost.IsCancellationRequested, TimeSpan.FromSeconds(6));

        Assert.Contains(session.Id, listed, StringComparison.Ordinal);
        Assert.Equal((StoreError.SessionEnded, false), (write.Error, write.MayHaveApplied));
        Assert.Equal((SessionEndReason.EndedByStore, TimeSpan.FromSeconds(11)), (session.EndReason, session.GrantedTtl));
        Assert.Null(await store.GetAsync(prefix + "/a", Stop));
    }
}
