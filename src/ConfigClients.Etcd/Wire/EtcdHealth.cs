namespace ConfigClients.Etcd.Wire;

/// <summary>How a member is.</summary>
internal enum EtcdHealth
{
    /// <summary>It answers, knows a leader, and has a vote.</summary>
    Well,

    /// <summary>It cannot be reached, or says that it is not well.</summary>
    Unwell,

    /// <summary>Nothing comes back. The connection may be dead without either side knowing.</summary>
    Silent,
}
