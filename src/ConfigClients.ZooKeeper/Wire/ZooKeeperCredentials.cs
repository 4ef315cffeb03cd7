namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What is shown to every server, and which connection has shown all of it. Thread-safe.</summary>
internal sealed class ZooKeeperCredentials(IEnumerable<ZooKeeperCredential> first)
{
    private readonly Lock _gate = new();
    private readonly List<ZooKeeperCredential> _all = [.. first];
    private ZooKeeperConnection? _shownBy;

    /// <summary>Shows everything over a new connection, also what is added meanwhile.</summary>
    public async Task ShowAsync(ZooKeeperConnection connection)
    {
        for (int shown = 0; Next(shown, connection) is { } credential; shown++)
        {
            await connection.SubmitAsync(ZooKeeperControlRequest.Auth(credential)).ConfigureAwait(false);
        }
    }

    /// <summary>Adds one.</summary>
    /// <returns>The connection that must still show it; null if the next one will.</returns>
    public ZooKeeperConnection? Add(ZooKeeperCredential credential)
    {
        lock (_gate)
        {
            _all.Add(credential);
            return _shownBy is { Ended.IsCompleted: false } ? _shownBy : null;
        }
    }

    private ZooKeeperCredential? Next(int shown, ZooKeeperConnection connection)
    {
        lock (_gate)
        {
            if (shown < _all.Count)
            {
                return _all[shown];
            }

            _shownBy = connection;
            return null;
        }
    }
}
