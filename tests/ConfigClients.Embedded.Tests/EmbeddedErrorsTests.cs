namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedErrorsTests
{
    [Theory]
    [InlineData(5, StoreError.Unavailable, false)]
    [InlineData(5 | (1 << 8), StoreError.Unavailable, false)]
    [InlineData(6, StoreError.Unavailable, false)]
    [InlineData(7, StoreError.Unavailable, true)]
    [InlineData(10 | (4 << 8), StoreError.Unavailable, true)]
    [InlineData(10 | (33 << 8), StoreError.Corrupt, true)]
    [InlineData(13, StoreError.StoreFull, false)]
    [InlineData(11, StoreError.Corrupt, true)]
    [InlineData(26, StoreError.Corrupt, true)]
    [InlineData(3, StoreError.Denied, true)]
    [InlineData(8, StoreError.Denied, true)]
    [InlineData(14, StoreError.Denied, true)]
    [InlineData(18, StoreError.TooLarge, true)]
    [InlineData(21, StoreError.ProtocolViolation, true)]
    public void A_code_means_one_error_and_only_a_failed_commit_may_have_applied(int code, StoreError error, bool failedCommitMayHaveApplied)
    {
        StoreException before = EmbeddedErrors.From(code, committing: false, cause: null);
        StoreException commit = EmbeddedErrors.From(code, committing: true, cause: null);

        Assert.Equal((error, false), (before.Error, before.MayHaveApplied));
        Assert.Equal((error, failedCommitMayHaveApplied), (commit.Error, commit.MayHaveApplied));
    }
}
