using System.Text.RegularExpressions;

namespace ConfigClients.Architecture;

/// <summary>What the README tells a reader to type is what the continuous build types.</summary>
public sealed partial class CommandTests
{
    [Theory]
    [InlineData("dotnet test")]
    [InlineData("dotnet run --project samples/Quickstart")]
    public void The_readme_and_the_build_both_have_the_command(string command)
    {
        Assert.Contains(command, Commands(Read("README.md")));
        Assert.Contains(command, Commands(Read(".ci/run")));
    }

    [Fact]
    public void The_build_tests_and_runs_in_no_other_way() =>
        Assert.Subset(Commands(Read("README.md")).ToHashSet(), Commands(Read(".ci/run")).ToHashSet());

    [Fact]
    public void A_command_is_what_remains_without_redirections() =>
        Assert.Equal(["dotnet test", "dotnet run --project a", "dotnet test --no-build"], Commands(
            """
            dotnet test 2>&1 | tee "$work/tests" || status=1
              dotnet run --project a </dev/null || { status=1; }
            dotnet test --no-build   # not the README's
            # dotnet test in a comment
            echo dotnet test
            """));

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> Commands(string text) =>
        text.Split('\n').Select(line => Rest().Replace(line, "").Trim()).Where(line => Command().IsMatch(line));

    [GeneratedRegex(@"(\s[0-9]?[<>]|\||#|;).*$")]
    private static partial Regex Rest();

    [GeneratedRegex("^dotnet (test|run)")]
    private static partial Regex Command();
}
