using ConfigClients.Recipes;

namespace ConfigClients.DistributedLocks;

/// <summary>Where the locks of a provider lie, and how it takes part in them.</summary>
public sealed class ConfigStoreLockOptions
{
    /// <summary>A key that all names lie below. Default: empty, the root of the store. Keep it apart from what is read as configuration.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Session, name and clock. Default: a session shared with all recipes on the store object.</summary>
    public ContenderOptions Contender { get; set; } = new();
}
