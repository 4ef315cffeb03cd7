using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class TypeNameTests
{
    public static TheoryData<string> Folders => new("src", "tests", "samples");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Types_are_named_by_what_they_are(string folder) => Expect.NoFault(Repository.ReadSources(folder).SelectMany(TypeNameRule.Faults));

    [Theory]
    [InlineData("StringUtil")]
    [InlineData("KeyHelper")]
    [InlineData("CommonKeys")]
    [InlineData("Misc")]
    [InlineData("LockManager")]
    [InlineData("StoreBase")]
    [InlineData("BaseStore")]
    [InlineData("HTTPHelpers")]
    public void An_empty_word_is_a_fault(string name) => Assert.Single(TypeNameRule.Faults(SourceFile.Parse("src/X/A.cs", $"class A {{ class {name}; }}")));

    [Theory]
    [InlineData("Database")]
    [InlineData("Based")]
    [InlineData("Manages")]
    public void A_word_that_only_holds_it_is_none(string name) => Assert.Empty(TypeNameRule.Faults(SourceFile.Parse("src/X/A.cs", $"class {name};")));
}
