using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>A store's way to notice changes below one prefix. <see cref="WatchLoop"/> makes a watch of it.</summary>
[Experimental("CONFIGCLIENTS001")]
public interface IWatchSource
{
    /// <summary>The longest a healthy source is silent: after that it is taken for dead and followed anew.</summary>
    TimeSpan MaxSilence { get; }

    /// <summary>Reads the whole prefix. The revision must be one that <see cref="FollowAsync"/> can follow without missing a change.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The state.</returns>
    ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Follows from a revision on, until it breaks.</summary>
    /// <remarks>
    /// Ends or throws a transient <see cref="StoreException"/> when cut off: then it is called again with the revision reached.
    /// A source that cannot follow from there says <see cref="WatchStepKind.Gap"/>.
    /// The first step should come soon when nothing changed, as a sign of life (<see cref="WatchStepKind.Idle"/>).
    /// </remarks>
    /// <param name="revision">The store revision delivered so far.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The steps.</returns>
    IAsyncEnumerable<WatchStep> FollowAsync(long revision, CancellationToken cancellationToken);
}
