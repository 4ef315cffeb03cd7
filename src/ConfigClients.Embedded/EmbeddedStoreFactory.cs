using ConfigClients.Adapters;
using ConfigClients.Embedded.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ConfigClients.Embedded;

/// <summary>Makes embedded stores.</summary>
/// <param name="options">What the application configured.</param>
/// <param name="shared">A database that outlives the stores made here; default: each store has its own.</param>
internal sealed class EmbeddedStoreFactory(EmbeddedStoreOptions options, EmbeddedDatabase? shared = null) : IStoreFactory
{
    private const string MemoryAddress = ":memory:";

    /// <summary>The file used when none is named, or null if this user has no directory for application data.</summary>
    public static string? DefaultPath
    {
        get
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return data.Length == 0 ? null : Path.Combine(data, "ConfigClients", "default.db");
        }
    }

    public IReadOnlyList<string> Schemes { get; } = [EmbeddedStore.KindName];

    public bool IsConfigured => options.InMemory || options.Path is not null;

    public IConfigStore Create(StoreContext context)
    {
        EmbeddedStoreOptions effective = Effective(context.Address);
        ValidateOptionsResult result = new EmbeddedStoreOptionsValidator().Validate(null, effective);
        if (result.Failed)
        {
            throw new OptionsValidationException(nameof(EmbeddedStoreOptions), typeof(EmbeddedStoreOptions), result.Failures);
        }

        ILogger logger = context.Loggers.CreateLogger("ConfigClients.Embedded");
        string? path = effective.InMemory ? null : Path.GetFullPath(effective.Path ?? DefaultPath!);
        EmbeddedDatabase database = shared ?? new EmbeddedDatabase(path, effective, EmbeddedClock.Machine, logger);
        return new EmbeddedStore(database, ownsDatabase: shared is null, context.Time, logger);
    }

    private EmbeddedStoreOptions Effective(StoreAddress? address)
    {
        if (address is { Hosts.Count: > 0 })
        {
            throw new ArgumentException("The embedded store has no server: write \"embedded:/path/file.db\" with one slash, or \"embedded:\".", nameof(address));
        }

        bool isAddressed = !string.IsNullOrEmpty(address?.Path);
        bool isMemory = address?.Path == MemoryAddress;

        // A copy: the store must not change when the application's object does.
        return new EmbeddedStoreOptions
        {
            Path = !isAddressed ? options.Path : isMemory ? null : address!.Path,
            InMemory = isAddressed ? isMemory : options.InMemory,
            RequestTimeout = options.RequestTimeout,
            PollInterval = options.PollInterval,
            Durability = options.Durability,
        };
    }
}
