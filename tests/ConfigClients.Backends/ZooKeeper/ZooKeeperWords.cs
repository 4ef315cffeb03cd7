using System.Text;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>What an operator asks a server with the four letter words.</summary>
/// <remarks>Every method throws <see cref="IOException"/> or what a connection attempt throws when the server does not answer.</remarks>
public sealed class ZooKeeperWords
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Func<CancellationToken, Task<Stream>> _openAsync;

    internal ZooKeeperWords(Func<CancellationToken, Task<Stream>> openAsync) => _openAsync = openAsync;

    /// <summary>Version, mode (<c>leader</c>, <c>follower</c>, <c>standalone</c>, <c>read-only</c>) and latest transaction.</summary>
    public Task<string> SrvrAsync(CancellationToken cancellationToken = default) => AskAsync("srvr", cancellationToken);

    /// <summary>Connections, their sessions and what they did last.</summary>
    public Task<string> ConsAsync(CancellationToken cancellationToken = default) => AskAsync("cons", cancellationToken);

    /// <summary>Sessions and the nodes that end with them; only the leader and a server alone know all.</summary>
    public Task<string> DumpAsync(CancellationToken cancellationToken = default) => AskAsync("dump", cancellationToken);

    /// <summary>How many connections watch how many paths.</summary>
    public Task<string> WchsAsync(CancellationToken cancellationToken = default) => AskAsync("wchs", cancellationToken);

    /// <summary>Counters by name, for instance <c>zk_num_alive_connections</c>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> MntrAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync("mntr", cancellationToken)).Split('\n')
            .Select(line => line.Split('\t', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>The answer to any word; empty when the server knows no such word.</summary>
    public async Task<string> AskAsync(string word, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);

        await using Stream stream = await _openAsync(patience.Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(word), patience.Token);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(patience.Token);
    }

    /// <summary>Whether the server runs at all, with or without a leader.</summary>
    internal async Task<bool> AnswersAsync(CancellationToken cancellationToken) =>
        (await SrvrAsync(cancellationToken)).Length > 0;

    /// <summary>The role of the server while it serves reads and writes; null when it does not.</summary>
    /// <remarks>The word <c>ruok</c> would be answered with yes by servers that cannot serve.</remarks>
    internal async Task<string?> ModeAsync(CancellationToken cancellationToken)
    {
        string answer = await SrvrAsync(cancellationToken);
        string? mode = answer.Split('\n').FirstOrDefault(line => line.StartsWith("Mode: ", StringComparison.Ordinal))?["Mode: ".Length..].Trim();
        return mode is "read-only" ? null : mode;
    }
}
