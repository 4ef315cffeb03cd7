using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class WireVocabularyTests
{
    public static TheoryData<string> Stores => new(WireVocabularyRule.Words.Keys);

    [Theory]
    [MemberData(nameof(Stores))]
    public void Only_the_wire_folder_speaks_the_protocol(string store) =>
        Expect.NoFault(Repository.ReadSources($"src/ConfigClients.{store}").SelectMany(file => WireVocabularyRule.Faults(file, WireVocabularyRule.Words[store])));

    [Theory]
    [MemberData(nameof(Stores))]
    public void The_wire_folder_does_speak_it(string store)
    {
        IEnumerable<SourceFile> wire = Repository.ReadSources($"src/ConfigClients.{store}/Wire");

        Assert.NotEmpty(wire.SelectMany(file => WireVocabularyRule.Faults(file with { File = file.File with { Path = "Moved.cs" } }, WireVocabularyRule.Words[store])));
    }

    [Theory]
    [InlineData("Consul", "class A { HttpClient? _client; }")]
    [InlineData("Consul", "class A { string B() => $\"/v1/kv/{1}\"; }")]
    [InlineData("Consul", "using System.Text.Json; class A;")]
    [InlineData("Etcd", "class A { RpcException? _e; }")]
    [InlineData("Etcd", "using Etcdserverpb; class A;")]
    [InlineData("ZooKeeper", "class A { Socket? _socket; }")]
    [InlineData("Embedded", "class A { SqliteConnection? _file; }")]
    [InlineData("Embedded", "class A { string B() => \"SELECT 1\"; }")]
    [InlineData("Embedded", "using Microsoft.Data.Sqlite; class A;")]
    public void A_word_of_the_protocol_elsewhere_is_a_fault(string store, string text) =>
        Assert.NotEmpty(WireVocabularyRule.Faults(SourceFile.Parse($"src/ConfigClients.{store}/A.cs", text), WireVocabularyRule.Words[store]));

    [Fact]
    public void Every_exception_is_still_needed() =>
        Assert.All(WireVocabularyRule.Reasons.Keys, reason => Assert.NotEmpty(
            from file in Repository.ReadSources("src")
            from token in file.Root.DescendantTokens()
            where reason.Split(": ") is [var path, var word] && file.Path == path && token.Text.Contains(word, StringComparison.Ordinal)
            select token));

    [Fact]
    public void A_comment_may_explain_the_protocol() =>
        Assert.Empty(WireVocabularyRule.Faults(SourceFile.Parse("src/ConfigClients.Consul/A.cs", "// PUT /v1/kv\nclass A;"), WireVocabularyRule.Words["Consul"]));
}
