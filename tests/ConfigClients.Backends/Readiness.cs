using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ConfigClients.Backends;

/// <summary>Asks a starting server again and again until it says yes.</summary>
internal static class Readiness
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

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

    /// <summary>The answer to one question; no when there is none within a moment, for whatever reason.</summary>
    public static async Task<bool> SoonAsync(Func<CancellationToken, Task<bool>> askAsync, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await AskAsync(askAsync, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> AskAsync(Func<CancellationToken, Task<bool>> isReadyAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await isReadyAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or AuthenticationException)
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
