using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ConfigClients.Backends.Containers;

/// <summary>Asks the engine for the newest API version it speaks.</summary>
/// <remarks>
/// By hand over a socket, on the calling thread: it happens in a module initializer, where every other thread that enters
/// this assembly has to wait. An HTTP client, even a synchronous one, connects on another thread and so waits for itself.
/// </remarks>
internal static partial class EngineVersion
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <returns>For instance 1.41; null when no engine answers.</returns>
    public static Version? Ask()
    {
        try
        {
            using Socket socket = EngineAddress.Connect(Patience);
            socket.Send("GET /version HTTP/1.0\r\nHost: engine\r\n\r\n"u8);
            Match match = ApiVersion().Match(ReadToEnd(socket));
            return match.Success ? Version.Parse(match.Groups[1].Value) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static string ReadToEnd(Socket socket)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[8192];
        int count;
        while ((count = socket.Receive(buffer)) > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    // The first one in the answer is the engine's own; those of its components come later.
    [GeneratedRegex("\"ApiVersion\" *: *\"([0-9.]+)\"")]
    private static partial Regex ApiVersion();
}
