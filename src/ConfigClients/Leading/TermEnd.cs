namespace ConfigClients.Leading;

/// <summary>How the work of one lead ended.</summary>
internal enum TermEnd
{
    /// <summary>The host stops.</summary>
    HostStops,

    /// <summary>The lead was lost, or so nearly that the service was stopped.</summary>
    LeadEnds,

    /// <summary>The service returned by itself.</summary>
    Returned,

    /// <summary>The service threw.</summary>
    Failed,
}
