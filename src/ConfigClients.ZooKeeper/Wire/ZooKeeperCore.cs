using Microsoft.Extensions.Logging;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The parts of a client that outlive its connections.</summary>
internal sealed class ZooKeeperCore : IDisposable
{
    /// <summary>How long whoever ends a session waits for a server to hear of it.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Puts the parts together. Starts nothing.</summary>
    public ZooKeeperCore(ZooKeeperClientOptions options)
    {
        Options = options;
        Servers = [.. options.Servers.Select(ZooKeeperServer.Parse)];
        Outbox = new ZooKeeperOutbox(options.TimeProvider, options.RequestTimeout);
        Watches = new ZooKeeperWatches(Outbox, options.TimeProvider, options.RequestTimeout, options.MaxQueuedEvents, options.Logger);
        Credentials = new ZooKeeperCredentials(options.Credentials);
        State = new ZooKeeperStateFeed(options.Logger);
        Dialer = new ZooKeeperDialer(options.Tls);
        if (!options.CoalesceReads)
        {
            Batching.TurnOff();
        }
    }

    public ZooKeeperClientOptions Options { get; }

    public IReadOnlyList<ZooKeeperServer> Servers { get; }

    public ZooKeeperOutbox Outbox { get; }

    public ZooKeeperWatches Watches { get; }

    public ZooKeeperCredentials Credentials { get; }

    public ZooKeeperStateFeed State { get; }

    public ZooKeeperDialer Dialer { get; }

    public ZooKeeperReadBatching Batching { get; } = new();

    public ZooKeeperProgress Progress { get; } = new();

    /// <inheritdoc cref="ZooKeeperClient.OnRenewed"/>
    public Action<bool>? OnRenewed { get; set; }

    public TimeProvider Time => Options.TimeProvider;

    public ILogger Logger => Options.Logger;

    /// <inheritdoc/>
    public void Dispose() => Outbox.Dispose();

    /// <summary>Makes a connection of a stream on which the session is established.</summary>
    public ZooKeeperConnection Connect(Stream stream, ZooKeeperClientSession session) => new(
        stream,
        new ZooKeeperPipeline(Outbox, Batching, session, Time, Options.Chroot),
        new ZooKeeperConnectionParts(Outbox, Watches, Batching, Progress, session, Time, Options.Chroot, Options.MaxResponseBytes));
}
