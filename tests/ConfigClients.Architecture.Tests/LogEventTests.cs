using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class LogEventTests
{
    [Fact]
    public void Event_ids_are_unique_and_in_the_range_of_their_project()
    {
        IReadOnlyList<SourceFile> files = Repository.ReadSources("src");

        Assert.NotEmpty(files.SelectMany(LogEventRule.Events));
        Expect.NoFault(LogEventRule.Faults(files));
    }

    [Theory]
    [InlineData("[LoggerMessage(1001, LogLevel.Warning, \"a\")] [LoggerMessage(1001, LogLevel.Warning, \"b\")]")]
    [InlineData("[LoggerMessage(2001, LogLevel.Warning, \"a\")]")]
    [InlineData("[LoggerMessage(EventId = 999, Message = \"a\")]")]
    [InlineData("[LoggerMessage(LogLevel.Warning, \"a\")]")]
    public void Anything_else_is_a_fault(string attributes) =>
        Assert.Single(LogEventRule.Faults([SourceFile.Parse("src/ConfigClients.Core/Log.cs", $"class Log {{ {attributes} void M(); }}")]));

    [Fact]
    public void Every_event_is_documented() =>
        Expect.NoFault(LogEventRule.Undocumented(Repository.ReadSources("src"), Assert.Single(Repository.Read("docs", "telemetry.md"))));

    [Fact]
    public void An_event_that_is_not_documented_is_a_fault() =>
        Assert.Single(LogEventRule.Undocumented(
            [SourceFile.Parse("src/ConfigClients.Core/Log.cs", "class Log { [LoggerMessage(1001, LogLevel.Warning, \"a\")] void M(); }")],
            new TextFile("docs/telemetry.md", "| 1000–1999 | Core |\n| 10010 | warning |\n")));

    [Fact]
    public void An_id_of_another_project_is_a_fault() =>
        Assert.Single(LogEventRule.Faults(
        [
            SourceFile.Parse("src/ConfigClients.Core/Log.cs", "class Log { [LoggerMessage(1001, LogLevel.Warning, \"a\")] void M(); }"),
            SourceFile.Parse("src/ConfigClients.Consul/Log.cs", "class Log { [LoggerMessage(1001, LogLevel.Warning, \"a\")] void M(); }"),
        ]));
}
