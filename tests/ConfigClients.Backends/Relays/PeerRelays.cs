namespace ConfigClients.Backends.Relays;

/// <summary>All relays of a cluster, one before every server, and who is cut off.</summary>
/// <remarks>A server is known by its relay's port. Thread-safe.</remarks>
internal sealed class PeerRelays : IAsyncDisposable
{
    private readonly HashSet<int> _cut = [];
    private readonly IReadOnlyList<PeerRelay> _relays;

    /// <param name="members">For every server the relay's port and its own.</param>
    public PeerRelays(IEnumerable<(int RelayPort, int PeerPort)> members) =>
        _relays = [.. members.Select(member => new PeerRelay(member.RelayPort, member.PeerPort, source => IsCut(source, member.RelayPort)))];

    /// <summary>The server that opened a connection from this port to this relay; null when it is none, or has ended.</summary>
    /// <remarks>Only asked while a server is cut off: until then it does not matter who connects.</remarks>
    public Func<int, int, int?> FindOwner { get; set; } = (_, _) => null;

    public void Cut(int relayPort)
    {
        lock (_cut)
        {
            _cut.Add(relayPort);
        }

        foreach (PeerRelay relay in _relays)
        {
            relay.Review();
        }
    }

    public void Heal(int relayPort)
    {
        lock (_cut)
        {
            _cut.Remove(relayPort);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerRelay relay in _relays)
        {
            await relay.DisposeAsync();
        }
    }

    private bool IsCut(int sourcePort, int relayPort)
    {
        int[] cut;
        lock (_cut)
        {
            cut = [.. _cut];
        }

        // Nobody's connection is better refused too: a server that matters tries again.
        return cut.Length > 0
            && (cut.Contains(relayPort) || FindOwner(sourcePort, relayPort) is not int owner || cut.Contains(owner));
    }
}
