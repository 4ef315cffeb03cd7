using System.Net;
using System.Net.Sockets;
using ConfigClients.Adapters;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Which address to try next, and when: every address once, in random order, then a pause that grows. Names are resolved for each round.</summary>
/// <param name="servers">The servers.</param>
/// <param name="resolve">Resolves a name.</param>
/// <param name="patience">Longest wait for one name.</param>
/// <param name="longestPause">The longest pause between rounds, in the given state of the session.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Shuffles, and jitters pauses.</param>
internal sealed class ZooKeeperServerRounds(
    IReadOnlyList<ZooKeeperServer> servers,
    Func<string, CancellationToken, Task<IPAddress[]>> resolve,
    TimeSpan patience,
    Func<TimeSpan> longestPause,
    TimeProvider time,
    Random random)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly Queue<ZooKeeperEndpoint> _round = new();
    private Backoff? _backoff;
    private ZooKeeperEndpoint? _current;

    /// <summary>Whether every address of the round has been handed out.</summary>
    public bool IsOver => _round.Count == 0;

    /// <summary>The addresses of this round, the one in use included.</summary>
    public IReadOnlyList<ZooKeeperEndpoint> Known { get; private set; } = [];

    /// <summary>Told of names that cannot be resolved.</summary>
    public Action<Exception>? OnFailure { get; init; }

    /// <summary>The next address; waits between rounds.</summary>
    public async Task<ZooKeeperEndpoint> NextAsync(CancellationToken cancellationToken)
    {
        while (_round.Count == 0)
        {
            if (_backoff is { } backoff)
            {
                TimeSpan pause = backoff.Next();
                TimeSpan longest = longestPause();
                await Task.Delay(pause < longest ? pause : longest * (0.5 + (random.NextDouble() / 2)), time, cancellationToken).ConfigureAwait(false);
            }

            _backoff ??= new Backoff(FirstPause, TimeSpan.FromSeconds(5), random);
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        return _current = _round.Dequeue();
    }

    /// <summary>The connection held: the next round starts at once, with the addresses that were not in use.</summary>
    public void Reset()
    {
        _round.Clear();
        _backoff = null;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        IEnumerable<ZooKeeperEndpoint>[] found = await Task.WhenAll(servers.Select(server => ResolveAsync(server, cancellationToken))).ConfigureAwait(false);
        ZooKeeperEndpoint[] shuffled = [.. found.SelectMany(static endpoints => endpoints).Distinct()];
        random.Shuffle(shuffled);
        Known = shuffled;

        // The one that was just lost goes last.
        foreach (ZooKeeperEndpoint endpoint in shuffled.OrderBy(endpoint => endpoint == _current))
        {
            _round.Enqueue(endpoint);
        }
    }

    private async Task<IEnumerable<ZooKeeperEndpoint>> ResolveAsync(ZooKeeperServer server, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(server.Host, out IPAddress? literal))
        {
            return [new ZooKeeperEndpoint(server, literal)];
        }

        try
        {
            IPAddress[] addresses = await resolve(server.Host, cancellationToken).WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
            return addresses.Select(address => new ZooKeeperEndpoint(server, address));
        }
        catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
        {
            // A name that cannot be resolved now may be later.
            OnFailure?.Invoke(new ZooKeeperException(ZooKeeperError.ConnectionLoss, $"The name {server.Host} could not be resolved: {e.Message}", innerException: e));
            return [];
        }
    }
}
