using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class FileBudgetTests
{
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("samples")]
    public void Files_are_short(string folder) => Expect.NoFault(FileBudgetRule.Faults(Repository.Read(folder, ".cs")));

    [Fact]
    public void A_long_median_is_a_fault() => Assert.Contains("median", Assert.Single(FileBudgetRule.Faults(Files(10, 76, 76))), StringComparison.Ordinal);

    [Fact]
    public void A_long_tail_is_a_fault() => Assert.Contains("percentile", Assert.Single(FileBudgetRule.Faults(Files(10, 10, 231))), StringComparison.Ordinal);

    [Fact]
    public void One_very_long_file_is_a_fault() =>
        Assert.Contains("no file", Assert.Single(FileBudgetRule.Faults(Files([.. Enumerable.Repeat(10, 99), 401]))), StringComparison.Ordinal);

    [Fact]
    public void The_budget_itself_is_allowed() => Assert.Empty(FileBudgetRule.Faults(Files(75, 75, 230)));

    private static TextFile[] Files(params int[] lengths) =>
        [.. lengths.Select((length, i) => new TextFile($"src/A/{i}.cs", string.Concat(Enumerable.Repeat("x\n", length))))];
}
