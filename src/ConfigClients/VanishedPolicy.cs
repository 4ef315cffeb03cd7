namespace ConfigClients;

/// <summary>What happens when everything below a watched prefix disappears while the application runs.</summary>
public enum VanishedPolicy
{
    /// <summary>
    /// The last good values stay, an error is raised, and health is degraded until something is there again: a wiped store, a wrong
    /// prefix and a token that may no longer read all look like this. So it is taken when more than one key disappears at once and nothing
    /// is left below the prefix, and when nothing is left of the whole configuration. The price: deleting its very last key does not remove
    /// its value. The last key of one layer is removed like any other while another layer holds something.
    /// </summary>
    KeepLastGood,

    /// <summary>The values go: an empty prefix is a configuration like any other.</summary>
    Clear,
}
