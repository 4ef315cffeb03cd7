namespace ConfigClients;

/// <summary>How the configuration stands to the store.</summary>
public enum DistributedConfigState
{
    /// <summary>Nothing has been loaded yet.</summary>
    Starting,

    /// <summary>What the application sees is what the store holds.</summary>
    Live,

    /// <summary>The store is out of reach: what the application sees is the last good state.</summary>
    Stale,
}
