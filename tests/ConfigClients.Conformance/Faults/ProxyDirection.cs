namespace ConfigClients.Conformance.Faults;

/// <summary>Which way bytes travel through a <see cref="FaultProxy"/>.</summary>
public enum ProxyDirection
{
    /// <summary>Requests.</summary>
    ToServer,

    /// <summary>Replies.</summary>
    ToClient,
}
