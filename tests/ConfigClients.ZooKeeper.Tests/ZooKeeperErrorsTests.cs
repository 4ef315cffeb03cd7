namespace ConfigClients.ZooKeeper.Tests;

/// <summary>What each error of ZooKeeper means to a user of the contract.</summary>
public sealed class ZooKeeperErrorsTests
{
    [Theory]
    [InlineData(ZooKeeperError.ConnectionLoss, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.RequestTimeout, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.OperationTimeout, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.SessionMoved, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.NotReadOnly, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.SystemError, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.NewConfigNoQuorum, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.ReconfigInProgress, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.Throttled, StoreError.Throttled)]
    [InlineData(ZooKeeperError.NoAuth, StoreError.Denied)]
    [InlineData(ZooKeeperError.AuthFailed, StoreError.Denied)]
    [InlineData(ZooKeeperError.SessionClosedRequireAuth, StoreError.Denied)]
    [InlineData(ZooKeeperError.TlsFailed, StoreError.Denied)]
    [InlineData(ZooKeeperError.SessionExpired, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.UnknownSession, StoreError.Unavailable)]
    [InlineData(ZooKeeperError.RequestTooLarge, StoreError.TooLarge)]
    [InlineData(ZooKeeperError.ResponseTooLarge, StoreError.TooLarge)]
    [InlineData(ZooKeeperError.QuotaExceeded, StoreError.StoreFull)]
    [InlineData(ZooKeeperError.Unimplemented, StoreError.Unsupported)]
    [InlineData(ZooKeeperError.NotSupported, StoreError.Unsupported)]
    [InlineData(ZooKeeperError.ReconfigDisabled, StoreError.Unsupported)]
    [InlineData(ZooKeeperError.EphemeralOnLocalSession, StoreError.Unsupported)]
    [InlineData(ZooKeeperError.ProtocolViolation, StoreError.ProtocolViolation)]
    [InlineData(ZooKeeperError.MarshallingError, StoreError.ProtocolViolation)]
    [InlineData(ZooKeeperError.DataInconsistency, StoreError.Corrupt)]
    [InlineData(ZooKeeperError.NoChildrenForEphemerals, StoreError.InvalidRequest)]
    [InlineData(ZooKeeperError.BadArguments, StoreError.InvalidRequest)]
    [InlineData((ZooKeeperError)(-999), StoreError.InvalidRequest)]
    public void An_error_is_one_of_the_contract_and_keeps_whether_the_write_may_have_applied(ZooKeeperError error, StoreError expected)
    {
        StoreException read = ZooKeeperErrors.From(new ZooKeeperException(error, "because"));
        StoreException write = ZooKeeperErrors.From(new ZooKeeperException(error, "because", mayHaveApplied: true));
        StoreException inMulti = ZooKeeperErrors.From(error);

        Assert.Equal((expected, false), (read.Error, read.MayHaveApplied));
        Assert.Equal((expected, true), (write.Error, write.MayHaveApplied));
        Assert.Equal((expected, false), (inMulti.Error, inMulti.MayHaveApplied));
        Assert.Contains("nothing was written", inMulti.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void That_a_write_may_have_applied_is_said_once()
    {
        StoreException failure = ZooKeeperErrors.From(new ZooKeeperException(ZooKeeperError.ConnectionLoss, "The connection broke.", mayHaveApplied: true));

        Assert.StartsWith("The connection broke.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, failure.Message.Split("have been applied").Length);
        Assert.IsType<ZooKeeperException>(failure.InnerException);
    }
}
