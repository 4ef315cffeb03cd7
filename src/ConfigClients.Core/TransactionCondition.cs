namespace ConfigClients;

/// <summary>One requirement of a <see cref="Transaction"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Condition">What must hold for it.</param>
public readonly record struct TransactionCondition(string Key, Condition Condition);
