namespace ConfigClients.Conformance;

/// <summary>What suites about faults need besides: where the server is, and stores that reach it by other ways.</summary>
public abstract class ServerFixture : StoreFixture
{
    /// <summary>The server that all stores use. Tests leave it running as it is.</summary>
    public abstract Uri Endpoint { get; }

    /// <summary>Opens a store by certain ways, all to the same data; the test disposes it.</summary>
    /// <param name="endpoints">The ways.</param>
    /// <param name="requestTimeout">How long a call may take. Default: what suits the store's server.</param>
    /// <param name="configure">Changes to the builder. Default: none.</param>
    /// <returns>The store.</returns>
    public abstract IConfigStore OpenAt(IReadOnlyList<Uri> endpoints, TimeSpan? requestTimeout = null, Action<ConfigStoreBuilder>? configure = null);

    /// <summary>Opens a store by one way.</summary>
    /// <param name="endpoint">The way.</param>
    /// <param name="requestTimeout">How long a call may take. Default: what suits the store's server.</param>
    /// <returns>The store.</returns>
    public IConfigStore OpenAt(Uri endpoint, TimeSpan? requestTimeout = null) => OpenAt([endpoint], requestTimeout);

    /// <summary>Opens a store that no fault happens to.</summary>
    /// <returns>The store.</returns>
    public IConfigStore OpenDirect() => OpenAt(Endpoint);

    /// <summary>Ends a session behind its owner's back, as an operator's tool does.</summary>
    /// <param name="session">The session.</param>
    /// <returns>When the server has ended it.</returns>
    public abstract Task EndAsync(IStoreSession session);
}
