using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Frames of a real server, in the order it sent them.</summary>
public sealed class ZooKeeperAnswersTests
{
    private const string Stat =
        "000000000000003f 0000000000000041 000001a206d33b12 000001a206d33c54 00000002 00000000 00000000 0000000000000000 00000002 00000000 000000000000003f";

    [Theory]
    [InlineData("ffffffffffffffff")]
    [InlineData("0000000000000172")]
    public async Task An_event_is_told_before_the_answer_behind_it_whatever_number_it_carries(string zxid)
    {
        using Bench bench = new();
        List<string> order = [];
        ValueTask<ZooKeeperSubscription> subscribing = bench.Watches.SubscribeAsync(
            "/g", ZooKeeperWatchMode.Recursive, happened => order.Add($"{happened.Kind} {happened.Path}"), TestContext.Current.CancellationToken);
        ValueTask<ZooKeeperStat> set = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/g", "v2"u8.ToArray(), 1));
        bench.SentFrames();

        Take(
            bench,
            "00000014 00000001 000000000000003f 00000000 00000000 " +
            $"0000001e ffffffff {zxid} 00000000 00000003 00000003 00000002 2f67 " +
            $"00000054 00000002 0000000000000041 00000000 {Stat}");
        await subscribing;
        ZooKeeperStat stat = await set;

        Assert.Equal(["DataChanged /g"], order);
        Assert.Equal((2, 0x41), (stat.Version, bench.Progress.Zxid));
    }

    [Fact]
    public void Numbers_of_auths_and_of_unknown_operations_are_no_progress()
    {
        using Bench bench = new();
        bench.Submit(ZooKeeperExistsRequest.Rent("/g"));
        bench.Pipeline.Submit(ZooKeeperControlRequest.Auth(new ZooKeeperCredential("digest", "a:b"u8)));
        bench.Submit(ZooKeeperExistsRequest.Rent("/g"));
        bench.SentFrames();

        Take(bench, "00000010 00000001 0000000000000044 ffffff9b 00000010 fffffffc 0000000000000000 00000000 00000010 00000002 ffffffffffffffff fffffffa");

        Assert.Equal(0x44, bench.Progress.Zxid);
    }

    [Theory]
    [InlineData("ffffff8d")]
    [InlineData("ffffff84")]
    public void A_refused_credential_ends_the_connection_for_that_reason(string error)
    {
        using Bench bench = new();
        bench.Pipeline.Submit(ZooKeeperControlRequest.Auth(new ZooKeeperCredential("digest", "a:b"u8)));
        bench.SentFrames();

        ZooKeeperException failure = Assert.Throws<ZooKeeperException>(() => Take(bench, $"00000010 fffffffc 0000000000000000 {error}"));

        Assert.Equal(ZooKeeperError.AuthFailed, failure.Error);
    }

    [Fact]
    public void An_answer_proves_the_session_from_when_the_request_was_sent()
    {
        using Bench bench = new(sessionSeconds: 10);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        bench.Submit(ZooKeeperExistsRequest.Rent("/g"));
        bench.SentFrames();
        bench.Time.Advance(TimeSpan.FromSeconds(4));

        Take(bench, "00000010 00000001 0000000000000044 ffffff9b");

        Assert.Equal(TimeSpan.FromSeconds(5.5), bench.Session.ValidFor);
    }

    private static void Take(Bench bench, string bytes)
    {
        ZooKeeperConnectionParts parts = new(bench.Outbox, bench.Watches, bench.Batching, bench.Progress, bench.Session, bench.Time, "", 1 << 20);
        ZooKeeperAnswers answers = new(bench.Pipeline, parts);
        using ZooKeeperFrameBuffer frames = new(1 << 20);
        byte[] said = Hex.Bytes(bytes);
        said.CopyTo(frames.Free);
        frames.Advance(said.Length);
        answers.TakeAll(frames);
    }
}
