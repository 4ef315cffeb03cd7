using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>How many gets share a request, whatever the nodes hold.</summary>
public sealed class ZooKeeperReadBatchingTests
{
    [Fact]
    public void It_starts_small_and_doubles_up_to_the_most()
    {
        ZooKeeperReadBatching batching = new();
        List<int> limits = [];

        for (int i = 0; i < 8; i++)
        {
            limits.Add(batching.Limit);
            Observe(batching, batching.Limit, dataBytes: 100);
        }

        Assert.Equal([8, 16, 32, 64, 128, 256, 500, 500], limits);
    }

    [Fact]
    public void Longer_data_makes_smaller_batches_and_they_grow_again()
    {
        ZooKeeperReadBatching batching = new();
        Grow(batching);

        Observe(batching, 10, dataBytes: 20_000);
        int careful = batching.Limit;
        for (int i = 0; i < 100; i++)
        {
            Observe(batching, 10, dataBytes: 100);
        }

        Assert.InRange(careful * 20_000, 1, ZooKeeperReadBatching.TargetBytes);
        Assert.Equal(ZooKeeperReadBatching.MaxReads, batching.Limit);
    }

    [Fact]
    public void A_node_with_long_data_is_remembered_until_it_is_short_again()
    {
        ZooKeeperReadBatching batching = new();

        Observe(batching, 1, ZooKeeperReadBatching.LongBytes + 1);
        bool isLong = batching.IsLong("/0");
        Observe(batching, 1, dataBytes: 10);

        Assert.True(isLong);
        Assert.False(batching.IsLong("/0"));
    }

    [Fact]
    public void An_answer_that_was_too_large_starts_over()
    {
        ZooKeeperReadBatching batching = new();
        Grow(batching);

        batching.ObserveTooLarge();

        Assert.InRange(batching.Limit, 1, 8);
    }

    private static void Grow(ZooKeeperReadBatching batching)
    {
        while (batching.Limit < ZooKeeperReadBatching.MaxReads)
        {
            Observe(batching, batching.Limit, dataBytes: 100);
        }
    }

    private static void Observe(ZooKeeperReadBatching batching, int count, int dataBytes)
    {
        using ZooKeeperWriter writer = new();
        ZooKeeperReadBatch batch = ZooKeeperReadBatch.Rent();
        for (int i = 0; i < count; i++)
        {
            batch.Add(ZooKeeperGetRequest.Rent($"/{i}"));
            ZooKeeperMultiHeader.Write(writer, ZooKeeperOpCode.GetData);
            writer.WriteBuffer(new byte[dataBytes]);
            for (int word = 0; word < ZooKeeperReader.StatBytes / 4; word++)
            {
                writer.WriteInt32(0);
            }
        }

        ZooKeeperMultiHeader.WriteEnd(writer);
        ZooKeeperReader reader = new(writer.Written.Span);
        batch.Succeed(ref reader, 1, "");
        batching.Observe(batch);
        batch.ReleaseByWire();
    }
}
