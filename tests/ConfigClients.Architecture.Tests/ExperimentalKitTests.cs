using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class ExperimentalKitTests
{
    [Fact]
    public void What_is_public_in_the_kit_is_experimental()
    {
        IReadOnlyList<SourceFile> files = Repository.ReadSources("src");

        Assert.NotEmpty(files.SelectMany(ExperimentalKitRule.PublicKitTypes));
        Expect.NoFault(files.SelectMany(ExperimentalKitRule.Faults));
    }

    [Theory]
    [InlineData("public sealed class A;")]
    [InlineData("[Experimental(\"OTHER\")] public interface A;")]
    [InlineData("public enum A;")]
    public void An_unmarked_public_type_is_a_fault(string type) =>
        Assert.Single(ExperimentalKitRule.Faults(SourceFile.Parse("src/X/A.cs", $"namespace ConfigClients.Adapters; {type}")));

    [Fact]
    public void An_internal_type_needs_no_mark() =>
        Assert.Empty(ExperimentalKitRule.Faults(SourceFile.Parse("src/X/A.cs", "namespace ConfigClients.Adapters; internal class A;")));
}
