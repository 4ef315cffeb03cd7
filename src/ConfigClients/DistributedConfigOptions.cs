using Microsoft.Extensions.Logging;

namespace ConfigClients;

/// <summary>How configuration comes out of a store. Nothing needs to be set.</summary>
/// <remarks>
/// What code sets here is the default of the application. The configuration section <c>DistributedConfig</c> and environment variables such
/// as <c>DistributedConfig__Address</c> come first, so that operators move an application to another store by one address.
/// Credentials come from the options of the store or from the environment, never from the address.
/// </remarks>
public sealed class DistributedConfigOptions
{
    /// <summary>The stores to choose from. The embedded one is there already; others are added by their own method, like <c>UseConsul()</c>.</summary>
    public ConfigStoreBuilder Store { get; } = new ConfigStoreBuilder().UseEmbedded();

    /// <summary>
    /// Which store: <c>embedded:</c>, <c>embedded:/path/file.db</c>, <c>consul://host:8500/prefix</c>, … Default: the store that was given
    /// endpoints on <see cref="Store"/>, or else the embedded one in its default file.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>Where the configuration lies in the store: <c>shop</c> makes <c>shop/db/host</c> the setting <c>db:host</c>. Default: empty, the whole store.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// Layers below <see cref="Prefix"/>; later ones win, for example <c>shared</c>, <c>app</c>, <c>app/{environment}</c>. A key belongs to the
    /// longest layer that holds it. <c>{environment}</c> and <c>{application}</c> are filled in. Default: none, the prefix itself is the only layer.
    /// </summary>
    public IList<string> Layers { get; } = [];

    /// <summary>Fills in <c>{environment}</c>. Default: the host's environment.</summary>
    public string? Environment { get; set; }

    /// <summary>Fills in <c>{application}</c>. Default: the host's application name.</summary>
    public string? Application { get; set; }

    /// <summary>How a value is read. Default: by the extension of its key.</summary>
    public ValueFormat Format { get; set; } = ValueFormat.ByExtension;

    /// <summary>How changes are noticed. Default: push.</summary>
    public SyncMode Mode { get; set; } = SyncMode.Push;

    /// <summary>How often a listing verifies what the watch delivered, with <see cref="SyncMode.Push"/>. 1 s to 1 day, or infinite: never. Default 5 min.</summary>
    public TimeSpan VerifyInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often to list, with <see cref="SyncMode.Pull"/>. 1 s to 1 day; default 30 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to gather further changes after a first one, so that a burst reloads once. 0 (off) to 1 min; default 250 ms.</summary>
    public TimeSpan CoalesceWindow { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>What happens when the configuration cannot be had at start-up. Default: required.</summary>
    public StartupMode StartupMode { get; set; } = StartupMode.Required;

    /// <summary>Longest wait for the store at start-up. 100 ms to 1 h; default 30 s.</summary>
    public TimeSpan StartupBudget { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A start-up that fails for good fails no sooner than this, so that a crash loop does not hammer the store. 0 to 1 min; default 5 s.</summary>
    public TimeSpan StartupBrake { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a required configuration may be empty at start-up. Default (null): only in the embedded store, where an empty file is a fresh start.</summary>
    public bool? AllowEmpty { get; set; }

    /// <summary>What happens when everything below a prefix disappears later. Default: the last good values stay.</summary>
    public VanishedPolicy Vanished { get; set; } = VanishedPolicy.KeepLastGood;

    /// <summary>
    /// Sections the store may not set, like <c>Kestrel</c> or <c>ConnectionStrings:Main</c>; such keys are ignored with a warning. Default: none,
    /// so whoever may write to the store may set everything that configuration can set.
    /// </summary>
    public IList<string> DenySections { get; } = [];

    /// <summary>Called for every error, on the thread that noticed it; must not block. What it throws is caught. Default: errors are only logged.</summary>
    public Action<DistributedConfigError>? OnError { get; set; }

    /// <summary>Where logs go. Default: they are kept until the host has a logger, and then go there.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
