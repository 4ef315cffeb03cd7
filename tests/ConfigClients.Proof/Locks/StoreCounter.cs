namespace ConfigClients.Proof.Locks;

/// <summary>A counter in the store that holders add one to under their lock's guard, as they report it.</summary>
public sealed class StoreCounter
{
    /// <summary>How often it was tried.</summary>
    public int Tried { get; set; }

    /// <summary>How often the store said that it was done.</summary>
    public int Applied { get; set; }

    /// <summary>How often the store said that it was not.</summary>
    public int NotApplied { get; set; }

    /// <summary>What is wrong with the counter, or null. Less than was confirmed: updates were lost. More than can be: an update came twice.</summary>
    /// <param name="value">What the counter says in the end.</param>
    /// <returns>The fault.</returns>
    public string? Fault(long value) =>
        value < Applied ? $"{Applied} guarded writes were confirmed, and the counter is {value}: {Applied - value} updates were lost"
        : value > Tried - NotApplied ? $"{Tried - NotApplied} guarded writes can have been applied, and the counter is {value}"
        : null;
}
