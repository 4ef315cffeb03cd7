using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Embedded;

/// <summary>How the embedded store works. Nothing needs to be set.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Ranges are checked by generated code, which parses TimeSpan itself.")]
public sealed class EmbeddedStoreOptions
{
    /// <summary>
    /// The file, on a local disk; relative paths start at the current directory. Missing files and directories are made, for their owner only.
    /// Default: <c>ConfigClients/default.db</c> in the user's local application data. An address with a path comes first.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>Keeps everything in memory that only this store object sees, and forgets it with the object. Default: false. Not together with <see cref="Path"/>.</summary>
    public bool InMemory { get; set; }

    /// <summary>Longest wait for one call, for other writers above all. 100 ms to 5 min; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a watch looks for changes by other processes; changes by this store object show at once. 1 ms to 1 s; default 30 ms.
    /// One look costs some microseconds; without a watch nobody looks, but for sessions every 200 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// When a write counts as done. Default: <see cref="EmbeddedDurability.Full"/>. Processes that share a file may differ; each says it for its own writes.
    /// </summary>
    [EnumDataType(typeof(EmbeddedDurability))]
    public EmbeddedDurability Durability { get; set; } = EmbeddedDurability.Full;
}
