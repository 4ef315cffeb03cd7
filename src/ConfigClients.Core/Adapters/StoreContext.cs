using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Adapters;

/// <summary>What a store is made from, besides its own options.</summary>
/// <param name="Address">The address, or null if the options say where.</param>
/// <param name="Loggers">Makes the loggers.</param>
/// <param name="Time">The clock.</param>
[Experimental("CONFIGCLIENTS001")]
public sealed record StoreContext(StoreAddress? Address, ILoggerFactory Loggers, TimeProvider Time);
