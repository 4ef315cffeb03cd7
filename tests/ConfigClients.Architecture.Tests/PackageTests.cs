using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class PackageTests
{
    [Fact]
    public void Every_package_has_a_page_and_a_record_of_its_public_members()
    {
        IReadOnlyList<TextFile> projects = Repository.Read("src", ".csproj");
        IReadOnlyList<TextFile> files = [.. Repository.Find("src", ".md"), .. Repository.Find("src", ".txt")];

        Expect.NoFault(projects.SelectMany(project => PackageFilesRule.Faults(project.Project, [.. files.Where(file => file.Folder == project.Folder)])));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("PublicAPI.Shipped.txt")]
    [InlineData("PublicAPI.Unshipped.txt")]
    public void A_package_without_one_of_them_is_a_fault(string missing) =>
        Assert.Single(PackageFilesRule.Faults("A", [.. Files("Text.").Where(file => file.Name != missing)]));

    [Fact]
    public void A_page_with_a_relative_link_is_a_fault() =>
        Assert.Single(PackageFilesRule.Faults("A", Files("[x](../../docs/testing.md), [y](https://example.com/)")));

    [Fact]
    public void A_complete_package_is_none() => Assert.Empty(PackageFilesRule.Faults("A", Files("Text.")));

    private static TextFile[] Files(string page) =>
        [new("src/A/README.md", page), new("src/A/PublicAPI.Shipped.txt", ""), new("src/A/PublicAPI.Unshipped.txt", "")];
}
