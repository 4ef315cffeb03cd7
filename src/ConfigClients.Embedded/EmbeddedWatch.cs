using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.Embedded.Wire;

namespace ConfigClients.Embedded;

/// <summary>Follows one prefix: waits for a pulse, then reads what the ledger holds since.</summary>
/// <param name="database">The database.</param>
/// <param name="prefix">What is watched.</param>
/// <param name="time">The client's clock.</param>
/// <param name="closing">Cancelled when the store is disposed.</param>
internal sealed class EmbeddedWatch(EmbeddedDatabase database, string prefix, TimeProvider time, CancellationToken closing) : IWatchSource
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    public TimeSpan MaxSilence { get; } = 4 * SignOfLife;

    public ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        return ValueTask.FromResult(database.Read(static (reader, prefix) => reader.List(prefix), prefix));
    }

    public async IAsyncEnumerable<WatchStep> FollowAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool first = true;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        database.Pulse.Attach(isWatch: true);
        try
        {
            while (true)
            {
                // Before reading: a write in between completes it, and is read by the next round.
                Task news = database.Pulse.News;
                ThrowIfClosed();
                WatchStep step = database.Read(static (reader, s) => reader.Changes(s.prefix, s.revision), (prefix, revision));
                bool isQuiet = !first && step.Kind == WatchStepKind.Idle;
                if (step.Kind != WatchStepKind.Gap)
                {
                    revision = step.Revision;
                }

                if (!isQuiet || await WaitAsync(news, either.Token).ConfigureAwait(false))
                {
                    yield return step;
                }

                first = false;
            }
        }
        finally
        {
            database.Pulse.Detach(isWatch: true);
        }
    }

    /// <returns>True if nothing came for so long that a sign of life is due.</returns>
    private async ValueTask<bool> WaitAsync(Task news, CancellationToken either)
    {
        try
        {
            await news.WaitAsync(SignOfLife, time, either).ConfigureAwait(false);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            ThrowIfClosed();
            throw;
        }
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, typeof(IConfigStore));
}
