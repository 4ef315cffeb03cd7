namespace ConfigClients;

/// <summary>Asks the store now instead of waiting for the next change or poll.</summary>
public interface IDistributedConfigRefresher
{
    /// <summary>Reads everything and applies it at once, without the coalescing window.</summary>
    /// <param name="cancellationToken">Stops waiting; what was read may still be applied.</param>
    /// <returns>
    /// When the configuration shows what the store held when this was called, and change callbacks have run.
    /// Called from inside such a callback, it does not wait for them.
    /// </returns>
    /// <exception cref="StoreException">The store cannot be read; the configuration stays as it is.</exception>
    Task RefreshAsync(CancellationToken cancellationToken = default);
}
