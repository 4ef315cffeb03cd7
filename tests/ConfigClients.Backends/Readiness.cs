using System.Diagnostics;
using System.Net.Sockets;

namespace ConfigClients.Backends;

/// <summary>Asks a starting server again and again until it says yes.</summary>
internal static class Readiness
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <returns>Whether it became ready within the limit; false at once when it has ended.</returns>
    public static async Task<bool> WaitAsync(
        Func<CancellationToken, Task<bool>> isReadyAsync,
        Func<CancellationToken, Task<bool>> hasEndedAsync,
        CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Limit && !await hasEndedAsync(cancellationToken))
        {
            if (await AskAsync(isReadyAsync, cancellationToken))
            {
                return true;
            }

            await Task.Delay(Interval, cancellationToken);
        }

        return false;
    }

    private static async Task<bool> AskAsync(Func<CancellationToken, Task<bool>> isReadyAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await isReadyAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One question timed out, for instance because the server is still loading its data.
            return false;
        }
    }
}
