using System.Globalization;

namespace ConfigClients.Backends.Relays;

/// <summary>Asks the kernel which process has opened a connection on loopback; the addresses do not tell.</summary>
internal static class LoopbackConnection
{
    private const int LocalColumn = 1;
    private const int RemoteColumn = 2;
    private const int InodeColumn = 9;

    /// <summary>Whether this process holds the end of the connection at the first port.</summary>
    public static bool IsHeldBy(int processId, int port, int remotePort)
    {
        string? inode = Inode(port, remotePort);
        try
        {
            return inode is not null
                && Directory.EnumerateFiles($"/proc/{processId}/fd").Any(file => new FileInfo(file).LinkTarget == $"socket:[{inode}]");
        }
        catch (IOException)
        {
            // The process has ended meanwhile.
            return false;
        }
    }

    private static string? Inode(int port, int remotePort) =>
        File.ReadLines("/proc/net/tcp")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(columns => columns[LocalColumn] == Loopback(port) && columns[RemoteColumn] == Loopback(remotePort))?[InodeColumn];

    private static string Loopback(int port) => "0100007F:" + port.ToString("X4", CultureInfo.InvariantCulture);
}
