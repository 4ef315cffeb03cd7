using ConfigClients.Adapters;

namespace ConfigClients.Embedded.Wire;

/// <summary>The sessions and their deadlines, on the machine's monotonic clock.</summary>
/// <remarks>Owned by the writer, inside its transaction; not thread-safe.</remarks>
internal sealed class EmbeddedSessionTable(EmbeddedConnection connection, EmbeddedClock clock)
{
    private readonly EmbeddedStatement _insert = connection.Prepare(
        "INSERT INTO sessions (id, name, ttl, deadline, boot) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly EmbeddedStatement _find = connection.Prepare("SELECT ttl, deadline FROM sessions WHERE id = ?1");
    private readonly EmbeddedStatement _extend = connection.Prepare("UPDATE sessions SET deadline = ?2 WHERE id = ?1");
    private readonly EmbeddedStatement _delete = connection.Prepare("DELETE FROM sessions WHERE id = ?1");
    private readonly EmbeddedStatement _any = connection.Prepare("SELECT 1 FROM sessions LIMIT 1");
    private readonly EmbeddedStatement _due = connection.Prepare("SELECT id FROM sessions WHERE deadline <= ?1");

    private readonly EmbeddedStatement _ofEarlierBoots = connection.Prepare("SELECT id FROM sessions WHERE boot <> ?1 OR deadline > ?2");

    public bool Any
    {
        get
        {
            try
            {
                return _any.Step();
            }
            finally
            {
                _any.Reset();
            }
        }
    }

    public void Insert(string id, string? name, TimeSpan ttl) =>
        _insert.Bind(1, id).Bind(2, name).Bind(3, ttl.Ticks).Bind(4, clock.Now + ttl.Ticks).Bind(5, clock.Boot).Run();

    public bool Contains(string id) => Find(id) is not null;

    /// <summary>Counts the TTL anew, from now.</summary>
    /// <returns>False if the session is gone, or so close to its end that its client has given it up already.</returns>
    public bool Extend(string id)
    {
        long now = clock.Now;

        // Not in the last moments: while this commits, a reader could see the deadline pass and its keys vanish, and then see them again.
        if (Find(id) is not { } session || now > session.Deadline - SessionDeadline.Margin(session.Ttl).Ticks)
        {
            return false;
        }

        _extend.Bind(1, id).Bind(2, now + session.Ttl.Ticks).Run();
        return true;
    }

    public void Delete(string id) => _delete.Bind(1, id).Run();

    /// <summary>The sessions whose deadline has passed.</summary>
    public List<string> Due() => Ids(_due.Bind(1, clock.Now));

    /// <summary>The sessions that an earlier boot of this machine left behind: their deadlines mean nothing now.</summary>
    public List<string> OfEarlierBoots() => Ids(_ofEarlierBoots.Bind(1, clock.Boot).Bind(2, clock.Now + (2 * StoreSessionOptions.MaxTtl.Ticks)));

    private (TimeSpan Ttl, long Deadline)? Find(string id)
    {
        try
        {
            return _find.Bind(1, id).Step() ? (TimeSpan.FromTicks(_find.Number(0)), _find.Number(1)) : null;
        }
        finally
        {
            _find.Reset();
        }
    }

    private static List<string> Ids(EmbeddedStatement select)
    {
        List<string>? ids = null;
        try
        {
            while (select.Step())
            {
                (ids ??= []).Add(select.Text(0));
            }

            return ids ?? None;
        }
        finally
        {
            select.Reset();
        }
    }

    // Shared: the usual answer, on the path of every write. Nobody adds to it.
    private static readonly List<string> None = [];
}
