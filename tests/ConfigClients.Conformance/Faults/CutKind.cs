namespace ConfigClients.Conformance.Faults;

/// <summary>How a connection ends.</summary>
public enum CutKind
{
    /// <summary>RST: the peer sees an error, and loses what it has not read yet.</summary>
    Reset,

    /// <summary>FIN: the peer reads to the end of what was sent, and then sees an orderly end.</summary>
    Close,
}
