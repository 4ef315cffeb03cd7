using FsCheck.Xunit;

namespace ConfigClients.Core.Tests;

public sealed class RevisionTests
{
    [Property(MaxTest = 100_000)]
    public bool A_revision_round_trips_through_its_text(long number, long token)
    {
        Revision revision = new(number, token);

        return Revision.Parse(revision.ToString(), null) == revision && Revision.TryParse(revision.ToString(), null, out Revision again) && again == revision;
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1.2.3")]
    [InlineData("1,2")]
    [InlineData("0x1")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("1.9223372036854775808")]
    [InlineData("one")]
    public void What_is_no_revision_is_refused(string? text)
    {
        bool parsed = Revision.TryParse(text, null, out Revision revision);

        Assert.Equal((false, Revision.None), (parsed, revision));
        Assert.Throws<FormatException>(() => Revision.Parse(text!, null));
    }

    [Fact]
    public void Order_is_by_number_and_equality_by_both()
    {
        Revision first = new(1, 9);
        Revision second = new(2, 1);

        Assert.True(first < second && second > first && first <= second && second >= first && first != second);
        Assert.True(new Revision(1, 8) != first && new Revision(1, 8) <= first && new Revision(1, 8) >= first);
        Assert.True(Revision.None.IsNone && !new Revision(0, 1).IsNone);
    }

    [Fact]
    public void None_is_no_version_to_wait_for() => Assert.Throws<ArgumentException>(static () => Condition.UnchangedSince(Revision.None));
}
