using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Fields that promise more than is there.</summary>
public sealed class ZooKeeperReaderTests
{
    [Theory]
    [InlineData("fffffffe")]
    [InlineData("7fffffff")]
    [InlineData("80000000")]
    [InlineData("00000002 61")]
    [InlineData("0000")]
    public void A_length_that_does_not_fit_is_a_violation(string bytes) =>
        Violates(bytes, static (ref ZooKeeperReader reader) => reader.ReadString());

    [Theory]
    [InlineData("7fffffff")]
    [InlineData("fffffffe")]
    [InlineData("00989680 00000000")]
    [InlineData("00000002 00000000")]
    public void More_elements_than_bytes_are_a_violation(string bytes) =>
        Violates(bytes, static (ref ZooKeeperReader reader) => reader.ReadStrings());

    [Fact]
    public void A_null_list_and_a_null_text_are_empty()
    {
        ZooKeeperReader reader = new(Hex.Bytes("ffffffff ffffffff"));

        Assert.Empty(reader.ReadStrings());
        Assert.Equal("", reader.ReadString());
    }

    [Fact]
    public void A_stat_needs_all_its_bytes() =>
        Violates(new string('0', (ZooKeeperReader.StatBytes - 1) * 2), static (ref ZooKeeperReader reader) => reader.ReadStat());

    private delegate void Read(ref ZooKeeperReader reader);

    private static void Violates(string bytes, Read read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        ZooKeeperException? failure = null;
        try
        {
            ZooKeeperReader reader = new(Hex.Bytes(bytes));
            read(ref reader);
        }
        catch (ZooKeeperException e)
        {
            failure = e;
        }

        Assert.Equal(ZooKeeperError.ProtocolViolation, failure?.Error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
    }
}
