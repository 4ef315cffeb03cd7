namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The time one try at one address may take: never so long that a session dies of it while other servers wait.</summary>
internal sealed class ZooKeeperAttempt : IDisposable
{
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;

    public ZooKeeperAttempt(ZooKeeperCore core, TimeSpan sessionTimeout, CancellationToken stop)
    {
        TimeSpan quarter = sessionTimeout / 4;
        _late = new CancellationTokenSource(quarter < core.Options.ConnectTimeout ? quarter : core.Options.ConnectTimeout, core.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, stop);
    }

    /// <summary>Cancelled when it takes too long, or when the client stops.</summary>
    public CancellationToken Token => _either.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
