namespace ConfigClients;

/// <summary>What went wrong between the store and the configuration.</summary>
public enum DistributedConfigErrorKind
{
    /// <summary>The store cannot be reached or does not answer. Tried again for ever.</summary>
    Unavailable,

    /// <summary>The store answers, but refuses (a credential, a permission, a version). Tried again for ever, slowly.</summary>
    Refused,

    /// <summary>The store answers, and there is nothing below the prefix.</summary>
    Empty,

    /// <summary>Everything below a prefix disappeared; the last good values stay.</summary>
    Vanished,

    /// <summary>A value cannot be read: not UTF-8, not a JSON object, a name twice, too deep, too many keys. Its last good version stays.</summary>
    InvalidValue,

    /// <summary>Two keys of one layer mean the same setting, for example because they differ only by case. Its last good value stays.</summary>
    Collision,

    /// <summary>A callback of the application threw. The new values are in place all the same.</summary>
    CallbackFailed,
}
