namespace ConfigClients.ZooKeeper;

/// <summary>Why an operation failed. Negative numbers are ZooKeeper's own; a server may send one that is not listed here.</summary>
public enum ZooKeeperError
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>Something failed inside the server.</summary>
    SystemError = -1,

    /// <summary>In a multi: another operation failed, so this one was not carried out.</summary>
    RuntimeInconsistency = -2,

    /// <summary>The server's data is damaged.</summary>
    DataInconsistency = -3,

    /// <summary>The connection broke, or there was none in time. See <see cref="ZooKeeperException.MayHaveApplied"/>.</summary>
    ConnectionLoss = -4,

    /// <summary>The server could not read the request.</summary>
    MarshallingError = -5,

    /// <summary>This server does not know the operation, or it is switched off there.</summary>
    Unimplemented = -6,

    /// <summary>The server gave up waiting.</summary>
    OperationTimeout = -7,

    /// <summary>The server refused an argument, such as a path.</summary>
    BadArguments = -8,

    /// <summary>The server does not know the session.</summary>
    UnknownSession = -12,

    /// <summary>A new ensemble configuration has no quorum.</summary>
    NewConfigNoQuorum = -13,

    /// <summary>Another change of the ensemble is under way.</summary>
    ReconfigInProgress = -14,

    /// <summary>There is no such node, or no such parent.</summary>
    NoNode = -101,

    /// <summary>The ACL does not allow it.</summary>
    NoAuth = -102,

    /// <summary>The node has another version than the one expected.</summary>
    BadVersion = -103,

    /// <summary>An ephemeral node cannot have children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The node exists.</summary>
    NodeExists = -110,

    /// <summary>The node has children.</summary>
    NotEmpty = -111,

    /// <summary>The session is over; nothing was carried out under it.</summary>
    SessionExpired = -112,

    /// <summary>The ACL to set is empty or malformed.</summary>
    InvalidAcl = -114,

    /// <summary>A credential was refused. Final for this client.</summary>
    AuthFailed = -115,

    /// <summary>The session went on at another server.</summary>
    SessionMoved = -118,

    /// <summary>The server is read-only at the moment.</summary>
    NotReadOnly = -119,

    /// <summary>The session is local to one server and cannot own ephemeral nodes.</summary>
    EphemeralOnLocalSession = -120,

    /// <summary>There is no such watch.</summary>
    NoWatcher = -121,

    /// <summary>The answer did not come in time. See <see cref="ZooKeeperException.MayHaveApplied"/>.</summary>
    RequestTimeout = -122,

    /// <summary>The ensemble does not allow changes of its configuration.</summary>
    ReconfigDisabled = -123,

    /// <summary>The server insists on a client that has shown who it is.</summary>
    SessionClosedRequireAuth = -124,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded = -125,

    /// <summary>The server has too much to do. Worth another try, later.</summary>
    Throttled = -127,

    /// <summary>The answer does not follow the protocol: a broken server, or something else answers at this address.</summary>
    ProtocolViolation = 1,

    /// <summary>The request is larger than a server takes; it was not sent.</summary>
    RequestTooLarge = 2,

    /// <summary>The answer is larger than <see cref="ZooKeeperClientOptions.MaxResponseBytes"/>.</summary>
    ResponseTooLarge = 3,

    /// <summary>This client does not support it, or the server is too old for it.</summary>
    NotSupported = 4,

    /// <summary>The client was disposed of.</summary>
    Closed = 5,

    /// <summary>The two sides do not trust each other's certificates.</summary>
    TlsFailed = 6,
}
