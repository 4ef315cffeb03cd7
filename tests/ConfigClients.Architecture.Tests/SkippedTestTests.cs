using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class SkippedTestTests
{
    [Fact]
    public void No_test_is_switched_off()
    {
        IReadOnlyList<SourceFile> files = Repository.ReadSources("tests");

        Assert.NotEmpty(files.SelectMany(SkippedTestRule.TestAttributes));
        Expect.NoFault(files.SelectMany(SkippedTestRule.Faults));
    }

    [Theory]
    [InlineData("[Fact(Skip = \"later\")]")]
    [InlineData("[Theory(DisplayName = \"a\", Skip = Reason)]")]
    [InlineData("[Theory] [InlineData(1, Skip = \"flaky\")]")]
    [InlineData("[Fact(Explicit = true)]")]
    public void A_test_that_is_switched_off_is_a_fault(string attributes) =>
        Assert.Single(SkippedTestRule.Faults(SourceFile.Parse("tests/X/A.cs", $"class A {{ {attributes} void B() {{ }} }}")));
}
