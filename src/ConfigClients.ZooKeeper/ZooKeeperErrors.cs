namespace ConfigClients.ZooKeeper;

/// <summary>What an error of ZooKeeper means in the contract's words.</summary>
internal static class ZooKeeperErrors
{
    /// <summary>Makes the contract's exception of the client's.</summary>
    public static StoreException From(ZooKeeperException failure) =>
        new(Classify(failure.Error), Trim(failure), failure.MayHaveApplied, failure);

    /// <summary>Makes the contract's exception of an error inside a multi, of which nothing was carried out.</summary>
    public static StoreException From(ZooKeeperError error) => new(Classify(error), error switch
    {
        ZooKeeperError.NoChildrenForEphemerals => "The key lies below a session-bound key, which cannot have children; nothing was written.",
        ZooKeeperError.NoAuth => "The ACL of a node does not allow the write; nothing was written.",
        ZooKeeperError.EphemeralOnLocalSession => "The server runs with local sessions that cannot own keys; switch localSessionsUpgradingEnabled on. Nothing was written.",
        _ => $"The server refused the write ({error}); nothing was written.",
    });

    // A session that is over is the connection's own: the next request begins another. Whoever asks under a session of his hears of it from what sends under it.
    private static StoreError Classify(ZooKeeperError error) => error switch
    {
        ZooKeeperError.ConnectionLoss or ZooKeeperError.RequestTimeout or ZooKeeperError.OperationTimeout or ZooKeeperError.SessionMoved
            or ZooKeeperError.SessionExpired or ZooKeeperError.UnknownSession or ZooKeeperError.NotReadOnly or ZooKeeperError.NewConfigNoQuorum or ZooKeeperError.ReconfigInProgress or ZooKeeperError.SystemError => StoreError.Unavailable,
        ZooKeeperError.Throttled => StoreError.Throttled,
        ZooKeeperError.NoAuth or ZooKeeperError.AuthFailed or ZooKeeperError.SessionClosedRequireAuth or ZooKeeperError.TlsFailed => StoreError.Denied,
        ZooKeeperError.RequestTooLarge or ZooKeeperError.ResponseTooLarge => StoreError.TooLarge,
        ZooKeeperError.QuotaExceeded => StoreError.StoreFull,
        ZooKeeperError.Unimplemented or ZooKeeperError.NotSupported or ZooKeeperError.ReconfigDisabled or ZooKeeperError.EphemeralOnLocalSession => StoreError.Unsupported,
        ZooKeeperError.ProtocolViolation or ZooKeeperError.MarshallingError => StoreError.ProtocolViolation,
        ZooKeeperError.DataInconsistency => StoreError.Corrupt,
        _ => StoreError.InvalidRequest,
    };

    // The contract's exception says itself that a write may have been applied.
    private static string Trim(ZooKeeperException failure)
    {
        int end = failure.MayHaveApplied ? failure.Message.IndexOf(" The write may or may not", StringComparison.Ordinal) : -1;
        return end < 0 ? failure.Message : failure.Message[..end];
    }
}
