namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What <see cref="ZooKeeperPulse"/> decided.</summary>
internal enum ZooKeeperPulseAction
{
    /// <summary>Nothing to do.</summary>
    Wait,

    /// <summary>Send a ping.</summary>
    Ping,

    /// <summary>The server is silent: close, go to another one.</summary>
    GiveUp,
}
