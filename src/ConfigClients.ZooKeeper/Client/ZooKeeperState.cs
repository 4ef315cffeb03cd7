namespace ConfigClients.ZooKeeper;

/// <summary>How the client stands to the ensemble.</summary>
public enum ZooKeeperState
{
    /// <summary>Nothing was asked yet: the client connects at the first call.</summary>
    Idle,

    /// <summary>Looking for a server. Calls wait.</summary>
    Connecting,

    /// <summary>Connected to a server that takes reads and writes.</summary>
    Connected,

    /// <summary>Connected to a server that has no quorum and takes only reads. Only with <see cref="ZooKeeperClientOptions.AllowReadOnly"/>.</summary>
    ConnectedReadOnly,

    /// <summary>A credential was refused. Final: all calls fail.</summary>
    AuthFailed,

    /// <summary>Disposed of. Final.</summary>
    Closed,
}
