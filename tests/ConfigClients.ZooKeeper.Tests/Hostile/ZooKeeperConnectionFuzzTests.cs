using System.Buffers.Binary;
using ConfigClients.ZooKeeper.Tests.Wire;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>Whole conversations, spoiled: everybody who waits gets an outcome of the contract, and the connection ends.</summary>
public sealed class ZooKeeperConnectionFuzzTests
{
    [Fact]
    public async Task Whatever_a_server_says_every_caller_gets_an_outcome()
    {
        Random random = new(20260802);
        int answered = 0;
        int failed = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] said = random.Next(10) == 0 ? Noise(random) : Mutation.Of(Conversation(random), random);
            using Bench bench = new();
            List<Task> outcomes = [];
            foreach (string path in new[] { "/a", "/b", "/c" })
            {
                outcomes.Add(bench.SubmitAsync(ZooKeeperExistsRequest.Rent(path)).AsTask());
                outcomes.Add(bench.SubmitAsync(ZooKeeperSetRequest.Rent(path, null, -1)).AsTask());
            }

            using ZooKeeperConnection connection = new(
                new ScriptedStream(said, random.Next(1, 200)),
                bench.Pipeline,
                new ZooKeeperConnectionParts(bench.Outbox, bench.Watches, bench.Batching, bench.Progress, bench.Session, bench.Time, "", 4096));
            bench.Outbox.Attach(connection);
            connection.Start();
            Exception reason = await connection.Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

            Assert.True(reason is EndOfStreamException or ZooKeeperException, reason.ToString());
            foreach (Task outcome in outcomes)
            {
                if (await Record.ExceptionAsync(() => outcome.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)) is not { } failure)
                {
                    answered++;
                }
                else
                {
                    Assert.IsType<ZooKeeperException>(failure);
                    failed++;
                }
            }
        }

        Assert.True(answered > 100 && failed > 100, $"{answered} answered, {failed} failed");
    }

    private static byte[] Noise(Random random)
    {
        byte[] noise = new byte[random.Next(300)];
        random.NextBytes(noise);
        return noise;
    }

    /// <summary>Good answers to six requests, with events between them.</summary>
    private static byte[] Conversation(Random random)
    {
        List<byte> said = [];
        for (int xid = 1; xid <= 6; xid++)
        {
            if (random.Next(3) == 0)
            {
                Say(said, Hex.Bytes("ffffffff ffffffffffffffff 00000000 00000003 00000003 00000002 2f67"));
            }

            Say(said, [.. FakeLine.Int(xid), .. FakeLine.Long(xid), .. FakeLine.Int(0), .. new byte[ZooKeeperReader.StatBytes]]);
        }

        return [.. said];
    }

    private static void Say(List<byte> said, byte[] frame)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, frame.Length);
        said.AddRange(length);
        said.AddRange(frame);
    }
}
