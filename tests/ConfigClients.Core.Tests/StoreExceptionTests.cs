namespace ConfigClients.Core.Tests;

public sealed class StoreExceptionTests
{
    [Fact]
    public void An_unknown_outcome_says_what_to_do()
    {
        StoreException known = new(StoreError.Unavailable, "No answer.");
        StoreException unknown = new(StoreError.Unavailable, "No answer.", mayHaveApplied: true);

        Assert.Equal("No answer.", known.Message);
        Assert.Equal("No answer. The write may or may not have been applied; read before trying again.", unknown.Message);
        Assert.Equal((false, true), (known.MayHaveApplied, unknown.MayHaveApplied));
    }

    [Theory]
    [InlineData(StoreError.Unavailable, true)]
    [InlineData(StoreError.Throttled, true)]
    [InlineData(StoreError.Denied, false)]
    [InlineData(StoreError.TooLarge, false)]
    [InlineData(StoreError.SessionEnded, false)]
    [InlineData(StoreError.StoreFull, false)]
    [InlineData(StoreError.InvalidRequest, false)]
    [InlineData(StoreError.Unsupported, false)]
    [InlineData(StoreError.ProtocolViolation, false)]
    [InlineData(StoreError.Corrupt, false)]
    public void Only_what_may_pass_by_itself_is_transient(StoreError error, bool expected) =>
        Assert.Equal(expected, new StoreException(error, "x").IsTransient);
}
