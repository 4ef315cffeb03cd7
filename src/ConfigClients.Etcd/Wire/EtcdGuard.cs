namespace ConfigClients.Etcd.Wire;

/// <summary>What a set takes for granted about its key, and has checked along with the commit.</summary>
internal enum EtcdGuard
{
    /// <summary>The key lives with no session, or is not there: a plain put leaves it so.</summary>
    Unbound,

    /// <summary>The key lives with a session: the put must keep it there.</summary>
    Bound,

    /// <summary>The key is not there: a session-bound put creates it.</summary>
    Missing,

    /// <summary>The key lives with the session of the write.</summary>
    Own,
}
