using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class OneTypeTests
{
    [Fact]
    public void A_file_holds_one_type_of_its_name() => Expect.NoFault(Repository.ReadSources("src").SelectMany(OneTypeRule.Faults));

    /// <summary>Besides, there may be programs, and settings of an assembly.</summary>
    [Theory]
    [InlineData("tests")]
    [InlineData("samples")]
    public void A_file_with_types_holds_one_of_its_name(string folder) =>
        Expect.NoFault(Repository.ReadSources(folder).Where(static file => file.TopLevelTypes.Any()).SelectMany(OneTypeRule.Faults));

    [Theory]
    [InlineData("class A; class B;")]
    [InlineData("class B;")]
    [InlineData("enum A; delegate void B();")]
    [InlineData("[assembly: System.CLSCompliant(true)]")]
    public void Anything_else_is_a_fault(string text) => Assert.Single(OneTypeRule.Faults(SourceFile.Parse("src/X/A.cs", text)));

    [Theory]
    [InlineData("namespace N; class A { class B; }")]
    [InlineData("class A<T>;")]
    public void A_nested_type_or_a_type_parameter_is_none(string text) => Assert.Empty(OneTypeRule.Faults(SourceFile.Parse("src/X/A.cs", text)));
}
