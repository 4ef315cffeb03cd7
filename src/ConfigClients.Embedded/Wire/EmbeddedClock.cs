namespace ConfigClients.Embedded.Wire;

/// <summary>The machine's monotonic clock, which all processes of one boot share: the store's side of every deadline.</summary>
/// <remarks>
/// Not the clock given to the builder. That one is the client's, as with a server: a test that moves it must not end other processes' sessions.
/// </remarks>
/// <param name="time">The clock; only its monotonic part is used.</param>
/// <param name="boot">Names the boot that the clock counts from; empty where the system has no name for it.</param>
internal sealed class EmbeddedClock(TimeProvider time, string boot)
{
    private const string LinuxBootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>This machine's.</summary>
    public static EmbeddedClock Machine { get; } = new(TimeProvider.System, ReadBoot());

    /// <summary>Names the boot that <see cref="Now"/> counts from.</summary>
    public string Boot { get; } = boot;

    /// <summary>Ticks of 100 ns since an origin that is the same for all processes until the machine restarts.</summary>
    public long Now => (long)((Int128)time.GetTimestamp() * TimeSpan.TicksPerSecond / time.TimestampFrequency);

    private static string ReadBoot()
    {
        try
        {
            // Elsewhere there is no such file. Then a deadline of an earlier boot shows by lying further ahead than any TTL reaches,
            // or it passes within one TTL.
            return File.Exists(LinuxBootId) ? File.ReadAllText(LinuxBootId).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
