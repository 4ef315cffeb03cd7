using System.Runtime.CompilerServices;
using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>A group: each member keeps itself in it by heartbeats, and everybody sees who is there. Costs nothing until it is used; thread-safe.</summary>
/// <remarks>A member that dies disappears once, within <see cref="StoreLimits.SessionEndsWithin"/> of its last heartbeat.</remarks>
public sealed class Membership
{
    private readonly IConfigStore _store;
    private readonly ContenderOptions _options;

    internal Membership(IConfigStore store, string name, ContenderOptions? options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ConfigKey.Check(name);
        _store = store;
        _options = options ?? new ContenderOptions();
        Name = name;
    }

    /// <summary>The name: a key of the store, below which the members lie.</summary>
    public string Name { get; }

    /// <summary>Joins the group and stays in it: after the loss of its session the member comes back by itself, with a new epoch.</summary>
    /// <param name="id">Who: one segment of a key, unique in the group. Default: machine, process, and a random part.</param>
    /// <param name="payload">What to say about oneself, up to 350 KiB. Default: nothing.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The membership; dispose it to leave.</returns>
    /// <exception cref="ArgumentException">The id is not one segment of a key.</exception>
    /// <exception cref="StoreException">The store could not be reached, or refused. While another session has the id, this waits until it is free.</exception>
    public async Task<MemberHandle> JoinAsync(string? id = null, ReadOnlyMemory<byte> payload = default, CancellationToken cancellationToken = default)
    {
        id ??= $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
        if (id.Contains('/', StringComparison.Ordinal) || !ConfigKey.IsValid($"{Name}/{id}"))
        {
            throw new ArgumentException("A member's id must be one segment of a key.", nameof(id));
        }

        MemberHandle handle = new(_store, $"{Name}/{id}", id, payload, _options);
        await handle.StartAsync(cancellationToken).ConfigureAwait(false);
        return handle;
    }

    /// <summary>Who is in the group now: one <see cref="IConfigStore.ListAsync"/>.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The view.</returns>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.ListAsync"/>.</exception>
    public async Task<MembershipView> GetViewAsync(CancellationToken cancellationToken = default)
    {
        ConfigSnapshot snapshot = await _store.ListAsync(Name, cancellationToken).ConfigureAwait(false);
        return View(snapshot.Entries, snapshot.Revision);
    }

    /// <summary>Who is in the group, now and whenever it changes. Views in between may be skipped, the last one never is.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The views. While the store cannot be reached the last one stands.</returns>
    /// <exception cref="StoreException">While enumerating: not transient, as for <see cref="IConfigStore.WatchAsync"/>.</exception>
    public async IAsyncEnumerable<MembershipView> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Dictionary<string, ConfigEntry> entries = new(StringComparer.Ordinal);
        MembershipView? last = null;
        await foreach (WatchBatch batch in _store.WatchAsync(Name, cancellationToken).ConfigureAwait(false))
        {
            if (batch.Kind == WatchBatchKind.Stale)
            {
                continue;
            }

            foreach (ConfigChange change in batch.Changes)
            {
                if (change.Entry is null)
                {
                    entries.Remove(change.Key);
                }
                else
                {
                    entries[change.Key] = change.Entry;
                }
            }

            MembershipView view = View(entries.Values, batch.Revision);
            if (last is null || !last.Members.SequenceEqual(view.Members))
            {
                last = view;
                yield return view;
            }
        }
    }

    private MembershipView View(IEnumerable<ConfigEntry> entries, long revision) =>
        new([.. entries.Select(Read).OfType<Member>().OrderBy(static member => member.Id, StringComparer.Ordinal)], revision);

    /// <summary>Reads a member; null for a key that is none: one without a session, or deeper down.</summary>
    private Member? Read(ConfigEntry entry)
    {
        string id = entry.Key[(Name.Length + 1)..];
        return entry.SessionId is null || id.Contains('/', StringComparison.Ordinal) ? null : new Member(id, entry.CreateRevision, entry.Value);
    }
}
