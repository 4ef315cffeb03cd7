namespace ConfigClients.Conformance.Faults;

/// <summary>When in a call something happens to its caller.</summary>
public enum CallMoment
{
    /// <summary>Before it is sent.</summary>
    Before,

    /// <summary>When it has taken effect and its answer has not arrived.</summary>
    During,

    /// <summary>When its answer has arrived.</summary>
    After,
}
