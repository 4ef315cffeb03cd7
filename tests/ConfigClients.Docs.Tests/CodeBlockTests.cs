namespace ConfigClients.Docs;

public sealed class CodeBlockTests
{
    /// <summary>A fence in the text would end the raw string's readability.</summary>
    private const string Fence = "```";

    public static TheoryData<string> Places => new(Pages.Blocks.Where(block => !block.IsSketch).Select(block => block.Place));

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_block_compiles(string place)
    {
        CodeBlock block = Pages.Blocks.Single(candidate => candidate.Place == place);

        IReadOnlyList<string> faults = BlockCompiler.Faults(block);

        Assert.True(faults.Count == 0, $"{string.Join('\n', faults)}\n\n{block.Code}");
    }

    [Fact]
    public void The_main_pages_have_blocks() =>
        Assert.All(["README.md", "docs/getting-started.md", "docs/configuration.md"], page => Assert.Contains(Pages.Blocks, block => block.Page == page));

    [Fact]
    public void A_marker_is_sketch_or_nothing_and_sketches_are_in_decision_records_only() =>
        Assert.All(Pages.Blocks, block => Assert.True(
            block.Marker.Length == 0 || (block.IsSketch && block.Page.StartsWith("docs/adr/", StringComparison.Ordinal)), $"{block.Place}: {block.Marker}"));

    [Theory]
    [InlineData("await store.GetAsync(42);")]
    [InlineData("store.Read(\"a\");")]
    [InlineData("string text = (await store.GetStringAsync(\"a\"));")]
    [InlineData("class A : IConfigStore;")]
    [InlineData("await store.GetAsync(\"a\"")]
    [InlineData("_ = new ConfigClients.Adapters.Backoff(default, default, Random.Shared);")]
    public void A_block_that_does_not_compile_is_a_fault(string code) => Assert.NotEmpty(BlockCompiler.Faults(new CodeBlock("a.md", 1, "", code)));

    [Theory]
    [InlineData("ConfigEntry? entry = await store.GetAsync(\"a\");")]
    [InlineData("await using IConfigStore store = Make(); static IConfigStore Make() => throw new NotSupportedException();")]
    [InlineData("namespace Shop; public sealed class A { public int B { get; set; } }")]
    public void Statements_and_types_both_compile(string code) => Assert.Empty(BlockCompiler.Faults(new CodeBlock("a.md", 1, "", code)));

    [Fact]
    public void A_page_is_cut_into_its_blocks()
    {
        string page = $"# A\n\n{Fence}csharp\nint a = 1;\n{Fence}\n\n{Fence}sh\nls\n{Fence}\n\n{Fence}csharp sketch\nint b\n{Fence}\n";

        Assert.Equal([new CodeBlock("a.md", 3, "", "int a = 1;\n"), new CodeBlock("a.md", 11, "sketch", "int b\n")], CodeBlock.Find("a.md", page));
    }
}
