using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class DecisionTests
{
    [Fact]
    public void Every_decision_is_in_the_index_under_a_number_of_its_own()
    {
        IReadOnlyList<TextFile> pages = Repository.Read("docs/adr", ".md");

        Expect.NoFault(DecisionIndexRule.Faults(pages.Single(page => page.Name == "README.md"), [.. pages.Select(page => page.Name).Where(name => name != "README.md")]));
    }

    [Theory]
    [InlineData("[1](0001-a.md)", "0001-a.md", "0002-b.md")]
    [InlineData("[1](0001-a.md) [2](0001-b.md)", "0001-a.md", "0001-b.md")]
    public void A_missing_line_or_a_number_given_twice_is_a_fault(string index, params string[] pages) =>
        Assert.Single(DecisionIndexRule.Faults(new TextFile("docs/adr/README.md", index), pages));
}
