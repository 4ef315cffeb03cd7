using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConfigClients.Architecture.Rules;

/// <summary>Nothing shipped blocks a thread on a task or reads the wall clock past the injected one.</summary>
internal static class BlockingCallRule
{
    /// <summary>Where blocking is right, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["src/ConfigClients.Embedded/Wire/EmbeddedDatabase.cs: _gate.Wait"] = "Private memory has one connection; whoever holds the gate works in memory alone.",
        ["src/ConfigClients.Embedded/Wire/EmbeddedPulse.cs: database.WriteAsync(static (_, _) => true, 0, CancellationToken.None).AsTask().GetAwaiter().GetResult"] =
            "The poll has a thread of its own, which nobody else waits for.",
        ["src/ConfigClients/Configuration/DistributedConfigProvider.cs: Task.Run(_connection.StartAsync).GetAwaiter().GetResult"] =
            "A configuration provider loads synchronously; on the pool, so that no caller's context is waited for.",
        ["src/ConfigClients/Configuration/DistributedConfigProvider.cs: _source.Release().AsTask().GetAwaiter().GetResult"] =
            "A configuration is disposed synchronously; on the caller's thread, because only there it is known whether a change callback disposes its own host.",
        ["src/ConfigClients.DistributedLock/SynchronousCalls.cs: Task.Run(() => call().AsTask()).GetAwaiter().GetResult"] =
            "Medallion.Threading has synchronous members beside the asynchronous ones; on the pool, so that no caller's context is waited for.",
    };

    private static readonly HashSet<string> Clocks = ["DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow"];

    /// <summary>The calls in a file, each as path and text.</summary>
    public static IEnumerable<string> Calls(SourceFile file) =>
        from access in file.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
        where access.IsKind(SyntaxKind.SimpleMemberAccessExpression)
        let text = access.ToString()
        let name = access.Name.Identifier.Text
        let call = access.Parent is InvocationExpressionSyntax parent && parent.Expression == access ? parent : null
        where text == "Thread.Sleep"
            || Clocks.Any(clock => text == clock || text == "System." + clock)
            || (name == "Wait" && call is not null && !IsTry(call))
            || (name == "Result" && call is null && access.Expression is not (ThisExpressionSyntax or BaseExpressionSyntax))
            || (name == "GetResult" && call is not null && access.Expression.ToString().EndsWith(".GetAwaiter()", StringComparison.Ordinal))
        select $"{file.Path}: {text}";

    public static IEnumerable<string> Faults(SourceFile file) => Calls(file).Where(call => !Reasons.ContainsKey(call));

    /// <summary>Wait(0) does not wait.</summary>
    private static bool IsTry(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.FirstOrDefault()?.Expression.ToString() is "0" or "TimeSpan.Zero";
}
