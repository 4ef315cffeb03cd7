using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class InternalsTests
{
    [Fact]
    public void Internals_are_visible_to_a_projects_own_tests_only() =>
        Expect.NoFault(InternalsRule.Faults(
        [
            .. Repository.Read("", "Directory.Build.props"), .. Repository.Find("", ".targets"),
            .. Repository.Read("src", ".csproj"), .. Repository.Read("src", ".cs"),
        ]));

    [Theory]
    [InlineData("src/X/X.csproj", "<InternalsVisibleTo Include=\"Y\" />")]
    [InlineData("src/X/A.cs", "[assembly: InternalsVisibleTo(\"Y\")]")]
    [InlineData("Directory.Build.props", "")]
    [InlineData("Directory.Build.props", InternalsRule.TheLine + "<InternalsVisibleTo Include=\"Y\" />")]
    public void Any_other_grant_is_a_fault(string path, string text) => Assert.Single(InternalsRule.Faults([new TextFile(path, text)]));
}
