namespace ConfigClients.Backends;

/// <summary>How tests get their servers: the value of <c>CONFIGCLIENTS_BACKENDS</c>.</summary>
public enum BackendMode
{
    /// <summary>Containers if an engine answers and has the image; else native processes. The default.</summary>
    Auto,

    /// <summary>Containers, or an error that says what is missing.</summary>
    Container,

    /// <summary>Native processes, fetched when they are not there yet.</summary>
    Native,

    /// <summary>No servers: tests that need one are skipped, visibly. Nothing else ever skips.</summary>
    Off,
}
