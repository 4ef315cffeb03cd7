namespace ConfigClients.Proof.Leaks;

/// <summary>What this process holds of the machine.</summary>
/// <param name="Descriptors">Open files and sockets, without the assemblies: the runtime keeps those open, and loads some late.</param>
/// <param name="Threads">Threads.</param>
public sealed record ProcessFootprint(int Descriptors, int Threads)
{
    /// <summary>Now.</summary>
    /// <returns>The footprint.</returns>
    public static ProcessFootprint Read() => new(Directory.GetFiles("/proc/self/fd").Count(static file => !IsAssembly(file)), Directory.GetDirectories("/proc/self/task").Length);

    /// <summary>Whether this is not more than another one.</summary>
    /// <param name="other">The other.</param>
    /// <param name="spareDescriptors">How many descriptors more it may have.</param>
    /// <returns>Whether it is not.</returns>
    public bool IsWithin(ProcessFootprint other, int spareDescriptors) => Descriptors <= other.Descriptors + spareDescriptors && Threads <= other.Threads;

    private static bool IsAssembly(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget is { } target && target.EndsWith(".dll", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return false;
        }
    }
}
