using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>Makes one kind of store.</summary>
[Experimental("CONFIGCLIENTS001")]
public interface IStoreFactory
{
    /// <summary>The address schemes this store answers to, in lower case.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>Whether the options name a store without any address: then no address is needed to choose it.</summary>
    bool IsConfigured { get; }

    /// <summary>Makes the store. No I/O.</summary>
    /// <param name="context">The address and the services.</param>
    /// <returns>The store.</returns>
    IConfigStore Create(StoreContext context);
}
