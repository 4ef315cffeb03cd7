using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class PageTests
{
    [Fact]
    public void Store_pages_have_the_same_headings()
    {
        IReadOnlyList<TextFile> pages = Repository.Read("docs/stores", ".md");

        Assert.True(pages.Count > 1);
        Expect.NoFault(PageHeadingsRule.Faults(pages));
    }

    [Theory]
    [InlineData("## Address\n## Limits\n")]
    [InlineData("## Limits\n## Address\n## Security\n")]
    [InlineData("## Address\n## Limit\n## Security\n")]
    public void A_page_with_other_headings_is_a_fault(string text) =>
        Assert.Single(PageHeadingsRule.Faults([new TextFile("a.md", "# A\n## Address\n## Limits\n## Security\n"), new TextFile("b.md", text)]));

    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        IReadOnlyList<TextFile> pages =
        [
            .. Repository.Read("docs", ".md"), .. Repository.Find("src", ".md"), .. Repository.Find("samples", ".md"),
            .. Repository.Find("tests", ".md"), .. Repository.Read("", ".md").Where(page => page.Folder.Length == 0),
        ];

        Assert.NotEmpty(pages.SelectMany(LinkRule.Links));
        Expect.NoFault(LinkRule.Faults(pages, Repository.Holds));
    }

    [Theory]
    [InlineData("[x](gone.md)")]
    [InlineData("[x](../../b.md)")]
    [InlineData("[x](b.md#gone)")]
    [InlineData("[x](#gone)")]
    public void A_link_that_leads_nowhere_is_a_fault(string text) => Assert.Single(LinkFaults(text));

    [Theory]
    [InlineData("[x](b.md)")]
    [InlineData("[x](b.md#a-heading-with-code)")]
    [InlineData("[x](../docs/b.md)")]
    [InlineData("[x](https://example.com/gone.md)")]
    [InlineData("```\n[x](gone.md)\n```")]
    public void A_link_that_leads_somewhere_is_none(string text) => Assert.Empty(LinkFaults(text));

    private static IEnumerable<string> LinkFaults(string text) =>
        LinkRule.Faults([new TextFile("docs/a.md", text), new TextFile("docs/b.md", "## A heading, with `code`\n")], path => path is "docs/a.md" or "docs/b.md");
}
