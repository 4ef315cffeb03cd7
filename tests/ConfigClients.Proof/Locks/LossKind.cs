namespace ConfigClients.Proof.Locks;

/// <summary>What ended a hold that was not let go.</summary>
public enum LossKind
{
    /// <summary>The time for which it was sure has passed.</summary>
    TimePassed,

    /// <summary>Somebody said so earlier.</summary>
    Told,
}
