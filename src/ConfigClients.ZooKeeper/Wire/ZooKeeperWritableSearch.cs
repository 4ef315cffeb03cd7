using ConfigClients.Adapters;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>While a read-only server serves: asks the others now and then whether one of them takes writes.</summary>
internal sealed class ZooKeeperWritableSearch(ZooKeeperCore core, IReadOnlyList<ZooKeeperEndpoint> known, ZooKeeperEndpoint current)
{
    /// <summary>Completes when there is one.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), Random.Shared);
        while (true)
        {
            await Task.Delay(pauses.Next(), core.Time, cancellationToken).ConfigureAwait(false);
            foreach (ZooKeeperEndpoint endpoint in known.Where(endpoint => endpoint != current))
            {
                if (await AskAsync(core, endpoint, cancellationToken).ConfigureAwait(false) == "rw")
                {
                    return;
                }
            }
        }
    }

    /// <summary>Asks one server.</summary>
    /// <returns><c>rw</c>, <c>ro</c>, or something else if it cannot be asked.</returns>
    public static async Task<string> AskAsync(ZooKeeperCore core, ZooKeeperEndpoint endpoint, CancellationToken cancellationToken)
    {
        using ZooKeeperAttempt attempt = new(core, core.Options.SessionTimeout, cancellationToken);
        try
        {
            return await core.Dialer.AskModeAsync(endpoint, attempt.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One that cannot be asked, for whatever reason, has not said that it takes writes.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return "";
        }
    }
}
