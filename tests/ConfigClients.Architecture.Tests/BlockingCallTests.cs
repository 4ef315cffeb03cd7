using ConfigClients.Architecture.Rules;

namespace ConfigClients.Architecture;

public sealed class BlockingCallTests
{
    [Fact]
    public void Nothing_shipped_blocks_or_reads_the_wall_clock() => Expect.NoFault(Repository.ReadSources("src").SelectMany(BlockingCallRule.Faults));

    [Theory]
    [InlineData("Thread.Sleep(1)")]
    [InlineData("_ = task.Result")]
    [InlineData("task.Wait()")]
    [InlineData("gate.Wait(5)")]
    [InlineData("_ = task.ConfigureAwait(false).GetAwaiter().GetResult()")]
    [InlineData("_ = DateTime.Now")]
    [InlineData("_ = System.DateTime.UtcNow")]
    [InlineData("_ = DateTimeOffset.Now")]
    public void Doing_so_is_a_fault(string statement) =>
        Assert.Single(BlockingCallRule.Faults(SourceFile.Parse("src/X/A.cs", $"class A {{ void B() {{ {statement}; }} }}")));

    [Fact]
    public void Every_exception_is_still_needed() =>
        Assert.All(BlockingCallRule.Reasons.Keys, call => Assert.Contains(call, Repository.ReadSources("src").SelectMany(BlockingCallRule.Calls)));

    [Theory]
    [InlineData("await gate.WaitAsync()")]
    [InlineData("_ = gate.Wait(0, CancellationToken.None)")]
    [InlineData("_ = Result.None")]
    [InlineData("_ = time.GetUtcNow()")]
    public void Waiting_without_blocking_is_none(string statement) =>
        Assert.Empty(BlockingCallRule.Faults(SourceFile.Parse("src/X/A.cs", $"class A {{ async Task B() {{ {statement}; }} }}")));
}
