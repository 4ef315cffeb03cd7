namespace ConfigClients.Embedded;

/// <summary>When a write to the embedded store counts as done.</summary>
public enum EmbeddedDurability
{
    /// <summary>When the disk has it: it outlives the process, the system and the power supply.</summary>
    Full,

    /// <summary>
    /// When the operating system has it: it outlives the process. When the system crashes or the power fails, the newest writes may be lost,
    /// never torn; their revisions and fencing tokens may then be given out again.
    /// </summary>
    Normal,
}
