using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients;

/// <summary>Chooses a store and opens it.</summary>
/// <remarks>
/// Each store adds a <c>Use…()</c> method. Called with nothing to configure, it teaches the builder that store's addresses;
/// called with endpoints, it also chooses that store, unless <see cref="UseAddress"/> says otherwise. The last choice wins.
/// </remarks>
public sealed class ConfigStoreBuilder
{
    private readonly List<IStoreFactory> _factories = [];
    private string? _address;
    private ILoggerFactory _loggers = NullLoggerFactory.Instance;
    private TimeProvider _time = TimeProvider.System;

    /// <summary>Whether an address was given.</summary>
    public bool HasAddress => _address is not null;

    /// <summary>Adds a store. Called by the stores' own <c>Use…()</c> methods.</summary>
    /// <param name="factory">Makes the store.</param>
    /// <returns>This builder.</returns>
    public ConfigStoreBuilder Use(IStoreFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factories.Add(factory);
        return this;
    }

    /// <summary>Chooses the store by its address.</summary>
    /// <param name="address"><c>embedded:</c>, <c>embedded:/path/file.db</c>, <c>consul://host:8500/prefix</c>, … Without credentials.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The text is not an address.</exception>
    public ConfigStoreBuilder UseAddress(string address)
    {
        _ = StoreAddress.Parse(address);
        _address = address;
        return this;
    }

    /// <summary>Where logs go. Default: nowhere.</summary>
    /// <param name="loggerFactory">Makes the loggers.</param>
    /// <returns>This builder.</returns>
    public ConfigStoreBuilder UseLoggerFactory(ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _loggers = loggerFactory;
        return this;
    }

    /// <summary>The clock for deadlines and back-offs. Default: the system's.</summary>
    /// <param name="timeProvider">The clock.</param>
    /// <returns>This builder.</returns>
    public ConfigStoreBuilder UseTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _time = timeProvider;
        return this;
    }

    /// <summary>Makes the store. No I/O: a server that is down shows at the first call.</summary>
    /// <returns>The store; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">No store was added, or none that knows the address.</exception>
    /// <exception cref="ArgumentException">The options of the store are not valid (<c>OptionsValidationException</c> lists all faults).</exception>
    public IConfigStore Build()
    {
        StoreAddress? address = _address is null ? null : StoreAddress.Parse(_address);
        IStoreFactory factory = address is null ? FindConfigured() : FindByScheme(address.Scheme);
        return ContractStore.Of(factory.Create(new StoreContext(address, _loggers, _time)), _time);
    }

    private IStoreFactory FindConfigured() =>
        _factories.FindLast(factory => factory.IsConfigured)
        ?? _factories.FirstOrDefault()
        ?? throw new InvalidOperationException("No store was added to the builder. Call UseEmbedded(), UseConsul(…) or another store's Use method.");

    private IStoreFactory FindByScheme(string scheme) =>
        _factories.FindLast(factory => factory.Schemes.Contains(scheme, StringComparer.Ordinal))
        ?? throw new InvalidOperationException(
            $"No store here knows addresses that start with \"{scheme}:\". Known: {string.Join(", ", _factories.SelectMany(factory => factory.Schemes).Distinct())}. " +
            "Reference the store's package and call its Use method on the builder.");
}
