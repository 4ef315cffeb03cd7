using ConfigClients.Etcd.Tests.Hostile;
using ConfigClients.Etcd.Wire;
using Etcdserverpb;
using Mvccpb;
using CompareResult = Etcdserverpb.Compare.Types.CompareResult;
using CompareTarget = Etcdserverpb.Compare.Types.CompareTarget;

namespace ConfigClients.Etcd.Tests;

/// <summary>What a commit checks, what it takes for granted, and what it makes of the answers.</summary>
public sealed class EtcdCommitGuardTests
{
    private const string Session = "77";

    private readonly EtcdCommit _commit = new(new EtcdKeys("root"));

    [Fact]
    public void A_plain_set_writes_in_both_branches_and_leaves_the_key_as_bound_as_it_was()
    {
        _commit.Write("a", "v"u8.ToArray(), null);

        TxnRequest request = _commit.Build();

        Assert.Equal([(CompareTarget.Lease, CompareResult.Equal, 0L)], Checks(request));
        Assert.Equal((0L, false), (Assert.Single(request.Success).RequestPut.Lease, request.Success[0].RequestPut.IgnoreLease));
        Assert.True(Assert.Single(request.Failure).RequestPut.IgnoreLease);
        Assert.Equal("root/a", request.Success[0].RequestPut.Key.ToStringUtf8());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_plain_set_is_done_in_whichever_branch(bool succeeded)
    {
        _commit.Write("a", "v"u8.ToArray(), null);
        TxnResponse answer = EtcdMessages.Done(_commit.Build());
        answer.Succeeded = succeeded;

        Assert.Equal(WriteResult.Done(new Revision(8)), _commit.Judge(answer));
    }

    [Fact]
    public void A_set_of_a_key_that_must_be_absent_is_refused_if_it_is_there()
    {
        _commit.Require("a", Condition.Absent);
        _commit.Write("a", "v"u8.ToArray(), null);

        TxnRequest request = _commit.Build();

        Assert.Contains((CompareTarget.Version, CompareResult.Equal, 0L), Checks(request));
        Assert.Equal(WriteResult.Refused("a"), _commit.Judge(EtcdMessages.Refused(EtcdMessages.Row("root/a"), EtcdMessages.Row("root/a"))));
    }

    [Fact]
    public void A_key_that_turns_out_to_be_bound_is_written_once_more_and_stays_bound()
    {
        _commit.Require("a", Condition.Exists);
        _commit.Write("a", "v"u8.ToArray(), null);
        KeyValue bound = EtcdMessages.Row("root/a", lease: 5);

        WriteResult? first = _commit.Judge(EtcdMessages.Refused(bound, bound));
        TxnRequest second = _commit.Build();

        Assert.Null(first);
        Assert.Equal([(CompareTarget.Version, CompareResult.Greater, 0L), (CompareTarget.Lease, CompareResult.NotEqual, 0L)], Checks(second));
        Assert.True(Assert.Single(second.Success).RequestPut.IgnoreLease);
    }

    [Fact]
    public void A_revision_is_checked_by_the_last_write_of_the_key()
    {
        _commit.Require("a", Condition.UnchangedSince(new Revision(6)));
        _commit.Write("a", "v"u8.ToArray(), null);

        Assert.Contains((CompareTarget.Mod, CompareResult.Equal, 6L), Checks(_commit.Build()));
        Assert.Equal(WriteResult.Refused("a"), _commit.Judge(EtcdMessages.Refused(EtcdMessages.Row("root/a", revision: 7), EtcdMessages.Row("root/a", revision: 7))));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(-1, 0)]
    [InlineData(6, 1)]
    public void A_revision_that_etcd_never_handed_out_needs_no_request(long number, long token)
    {
        _commit.Require("b", Condition.Exists);
        _commit.Require("a", Condition.UnchangedSince(new Revision(number, token)));

        Assert.Equal("a", _commit.Unmeetable());
    }

    [Fact]
    public void Conditions_that_can_be_met_are_left_to_the_server()
    {
        _commit.Require("a", Condition.UnchangedSince(new Revision(6)));
        _commit.Require("b", Condition.Absent);

        Assert.Null(_commit.Unmeetable());
    }

    [Fact]
    public void A_session_bound_set_creates_the_key_and_refuses_one_of_another_session()
    {
        _commit.Write("a", "v"u8.ToArray(), Session);

        TxnRequest request = _commit.Build();

        Assert.Equal([(CompareTarget.Version, CompareResult.Equal, 0L)], Checks(request));
        Assert.Equal((0x77L, false), (request.Success[0].RequestPut.Lease, request.Success[0].RequestPut.IgnoreLease));
        Assert.Equal(WriteResult.Refused("a"), _commit.Judge(EtcdMessages.Refused(EtcdMessages.Row("root/a", lease: 5))));
    }

    [Fact]
    public void A_session_bound_set_refuses_a_permanent_key()
    {
        _commit.Write("a", "v"u8.ToArray(), Session);

        Assert.Equal(WriteResult.Refused("a"), _commit.Judge(EtcdMessages.Refused(EtcdMessages.Row("root/a"))));
    }

    [Fact]
    public void A_session_bound_set_writes_its_own_key_again()
    {
        _commit.Write("a", "v"u8.ToArray(), Session);

        WriteResult? first = _commit.Judge(EtcdMessages.Refused(EtcdMessages.Row("root/a", lease: 0x77)));

        Assert.Null(first);
        Assert.Equal([(CompareTarget.Lease, CompareResult.Equal, 0x77L)], Checks(_commit.Build()));
    }

    [Fact]
    public void A_key_that_a_condition_expects_to_be_there_is_not_expected_to_be_created()
    {
        _commit.Require("a", Condition.Exists);
        _commit.Write("a", "v"u8.ToArray(), Session);

        Assert.Equal([(CompareTarget.Version, CompareResult.Greater, 0L), (CompareTarget.Lease, CompareResult.Equal, 0x77L)], Checks(_commit.Build()));
        Assert.Equal(WriteResult.Refused("a"), _commit.Judge(EtcdMessages.Refused(null, null)));
    }

    [Fact]
    public void A_delete_checks_nothing_of_its_own_and_sets_no_revision()
    {
        _commit.Require("a", Condition.Exists);
        _commit.Write("a", null, null);

        TxnRequest request = _commit.Build();

        Assert.Equal([(CompareTarget.Version, CompareResult.Greater, 0L)], Checks(request));
        Assert.Equal("root/a", Assert.Single(request.Success).RequestDeleteRange.Key.ToStringUtf8());
        Assert.Equal(WriteResult.Done(), _commit.Judge(EtcdMessages.Done(request)));
    }

    [Fact]
    public void The_first_condition_that_does_not_hold_is_named()
    {
        _commit.Require("a", Condition.Exists);
        _commit.Require("b", Condition.Absent);
        _commit.Write("c", "v"u8.ToArray(), null);
        _commit.Write("d", null, null);

        Assert.Equal(WriteResult.Refused("b"), _commit.Judge(EtcdMessages.Refused(EtcdMessages.Row("root/a"), EtcdMessages.Row("root/b"), null)));
    }

    [Fact]
    public void A_guess_that_stays_right_and_is_refused_all_the_same_is_tried_again()
    {
        _commit.Require("a", Condition.Absent);
        _commit.Write("a", "v"u8.ToArray(), null);

        Assert.Null(_commit.Judge(EtcdMessages.Refused(null, null)));
    }

    private static IEnumerable<(CompareTarget, CompareResult, long)> Checks(TxnRequest request) => request.Compare.Select(static check =>
        (check.Target, check.Result, check.Target switch { CompareTarget.Lease => check.Lease, CompareTarget.Mod => check.ModRevision, _ => check.Version }));
}
