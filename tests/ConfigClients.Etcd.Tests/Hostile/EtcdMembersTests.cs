using ConfigClients.Conformance;
using ConfigClients.Etcd.Wire;
using Etcdserverpb;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Which members calls go to, and when one is well.</summary>
public sealed class EtcdMembersTests : IDisposable
{
    private readonly CapturedLog _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3.5.12", true)]
    [InlineData("3.4.37", true)]
    [InlineData("3.5", true)]
    [InlineData("3.5.12-rc.1", true)]
    [InlineData("3.5.12+git", true)]
    [InlineData("3.5.13", false)]
    [InlineData("3.5.13-beta", false)]
    [InlineData("3.6.0", false)]
    [InlineData("4.0.0", false)]
    [InlineData("3", false)]
    [InlineData("", false)]
    [InlineData("three", false)]
    [InlineData("3.5.99999999999", false)]
    public void Versions_before_3_5_13_lose_events(string version, bool expected) => Assert.Equal(expected, EtcdProbe.LosesEventsIn(version));

    [Theory]
    [InlineData("well", true)]
    [InlineData("no leader", false)]
    [InlineData("learner", false)]
    [InlineData("permission denied", true)]
    [InlineData("unauthenticated", true)]
    [InlineData("unavailable", false)]
    [InlineData("HTML with 200", false)]
    [InlineData("garbage", false)]
    [InlineData("silence", false)]
    public async Task A_member_is_well_if_it_answers_knows_a_leader_and_has_a_vote(string what, bool expected)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        StatusResponse well = new() { Header = EtcdMessages.Header(7), Version = "3.5.30", Leader = 1 };
        server.On("Status", call => what switch
        {
            "well" => call.AnswerAsync(well),
            "no leader" => call.AnswerAsync(new StatusResponse { Header = EtcdMessages.Header(7), Version = "3.5.30" }),
            "learner" => call.AnswerAsync(new StatusResponse { Header = EtcdMessages.Header(7), Version = "3.5.30", Leader = 1, IsLearner = true }),
            "permission denied" => EndAsync(call, 7, "etcdserver: permission denied"),
            "unauthenticated" => EndAsync(call, 16, "etcdserver: invalid auth token"),
            "unavailable" => EndAsync(call, 14, "etcdserver: server stopped"),
            _ => BadAnswers.GiveAsync(server, call, what, well),
        });
        await using EtcdMembers members = Members(server);
        EtcdProbe probe = new(what == "silence" ? ScriptedStores.Impatient : ScriptedStores.Patient, TimeProvider.System, NullLogger.Instance);

        Assert.Equal(expected, await probe.AskAsync(members.Pick(), Stop) == EtcdHealth.Well);
    }

    [Fact]
    public async Task A_version_goes_into_the_log_in_one_short_line()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<StatusRequest>("Status", _ => new StatusResponse { Version = "3.5.12-\r\nforged line" + new string('x', 10_000), Leader = 1 });
        await using IConfigStore store = server.Open(configure: builder => builder.UseLoggerFactory(_log));

        await store.GetAsync("a", Stop);
        await store.GetAsync("a", Stop);
        await Eventually.HoldsAsync(() => _log.Lines.Any(static line => line.Contains("runs etcd 3.5.12-", StringComparison.Ordinal)));

        string line = Assert.Single(_log.Lines, static line => line.Contains("runs etcd", StringComparison.Ordinal));
        Assert.DoesNotContain('\n', line);
        Assert.InRange(line.Length, 1, 2000);
    }

    [Fact]
    public async Task A_member_that_fails_is_left_alone_until_it_is_well_again()
    {
        bool isIll = true;
        await using ScriptedEtcd ill = await ScriptedEtcd.StartAsync();
        await using ScriptedEtcd well = await ScriptedEtcd.StartAsync();
        ill.On("Txn", async call =>
        {
            TxnRequest asked = (await call.ReadAsync<TxnRequest>())!;
            await (Volatile.Read(ref isIll) ? EndAsync(call, 14, "etcdserver: no leader") : call.AnswerAsync(EtcdMessages.Done(asked)));
        }).On<StatusRequest>("Status", _ => new StatusResponse { Version = "3.5.30", Leader = Volatile.Read(ref isIll) ? 0UL : 1UL });
        await using IConfigStore store = EtcdStores.Open([ill.Endpoint, well.Endpoint], configure: builder => builder.UseLoggerFactory(_log));

        for (int i = 0; i < 10; i++)
        {
            // Another key each time: a set of a key that is known takes another way.
            Assert.True((await store.SetAsync($"{i}", "v", cancellationToken: Stop)).Applied);
        }

        int refused = ill.Count("Txn");
        Volatile.Write(ref isIll, false);
        await Eventually.HoldsAsync(() => _log.Lines.Any(static line => line.Contains("requests go to it, too", StringComparison.Ordinal)));
        await store.SetAsync("a", "v", cancellationToken: Stop);
        await store.SetAsync("b", "v", cancellationToken: Stop);

        Assert.Equal((1, 2), (refused, ill.Count("Txn")));
    }

    [Fact]
    public async Task The_only_member_is_never_left()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        await using EtcdMembers members = Members(server);
        EtcdMember only = members.Pick();

        members.Leave(only, "it failed");
        members.Suspect(only);

        Assert.Same(only, members.Pick());
        Assert.Equal(0, only.LeftAlone);
    }

    public void Dispose() => _log.Dispose();

    private static EtcdMembers Members(ScriptedEtcd server)
    {
        EtcdStoreOptions options = new();
        options.Endpoints.Add(server.Endpoint);
        return EtcdMembers.Create(options, TimeProvider.System, NullLogger.Instance);
    }

    private static async Task EndAsync(ScriptedCall call, int status, string text)
    {
        await Task.Yield();
        call.End(status, text);
    }
}
