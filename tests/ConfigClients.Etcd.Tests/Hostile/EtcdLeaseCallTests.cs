using ConfigClients.Conformance;
using ConfigClients.Etcd.Wire;
using Etcdserverpb;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Which heartbeat an answer on the keep-alive stream belongs to.</summary>
public sealed class EtcdLeaseCallTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_to_an_older_heartbeat_does_not_pass_for_one_to_a_newer()
    {
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int heard = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("LeaseKeepAlive", async call =>
        {
            for (; heard < 2; heard++)
            {
                await call.ReadAsync<LeaseKeepAliveRequest>();
            }

            await call.SendAsync(EtcdMessages.Renewed(1, 15));
            await call.HoldAsync(go.Task);
            await call.SendAsync(EtcdMessages.Renewed(2, 15));
            await call.SendAsync(EtcdMessages.Renewed(1, 0));
            await call.HoldAsync();
        });
        await using EtcdMembers members = Members(server);
        using EtcdCredentials credentials = new(null, null, NullLogger.Instance);
        EtcdMember member = members.Pick();
        await using EtcdLeaseCall call = new(member, members, credentials, await credentials.HeadersAsync(member, Stop));
        using CancellationTokenSource impatient = new();

        // The first is given up by its caller; its answer comes all the same, after the second was sent.
        Task<TimeSpan> first = call.BeatAsync(1, impatient.Token);
        await Eventually.HoldsAsync(() => Volatile.Read(ref heard) == 1);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Task<TimeSpan> second = call.BeatAsync(1, Stop);
        Task<TimeSpan> other = call.BeatAsync(2, Stop);
        await Eventually.HoldsAsync(() => Volatile.Read(ref heard) == 2);
        go.SetResult();

        Assert.Equal(TimeSpan.FromSeconds(15), await other);
        Assert.Equal(TimeSpan.Zero, await second);
    }

    [Fact]
    public async Task Heartbeats_of_many_leases_share_the_stream()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        await using EtcdMembers members = Members(server);
        using EtcdCredentials credentials = new(null, null, NullLogger.Instance);
        EtcdMember member = members.Pick();
        await using EtcdLeaseCall call = new(member, members, credentials, await credentials.HeadersAsync(member, Stop));

        TimeSpan[] answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(lease => call.BeatAsync(lease, Stop)));

        Assert.All(answers, static left => Assert.Equal(TimeSpan.FromSeconds(15), left));
        Assert.Equal(1, server.Count("LeaseKeepAlive"));
    }

    private static EtcdMembers Members(ScriptedEtcd server)
    {
        EtcdStoreOptions options = new();
        options.Endpoints.Add(server.Endpoint);
        return EtcdMembers.Create(options, TimeProvider.System, NullLogger.Instance);
    }
}
