namespace ConfigClients.Conformance.Faults;

/// <summary>What a <see cref="FaultProxy"/> does with a new connection.</summary>
public enum AcceptBehavior
{
    /// <summary>Connects it to the server.</summary>
    Forward,

    /// <summary>Resets it right after accepting it.</summary>
    Reset,

    /// <summary>Accepts it and swallows what comes; the server never hears of it.</summary>
    BlackHole,
}
