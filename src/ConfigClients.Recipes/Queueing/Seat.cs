namespace ConfigClients.Recipes.Queueing;

/// <summary>One contender's place in a queue: a key that lives with its session. The name is used once, so "it stands" means "it is still mine".</summary>
/// <param name="Key">The key.</param>
/// <param name="Session">The session it lives with.</param>
/// <param name="Token">Its create revision: its place in the order, and the fencing token.</param>
internal sealed record Seat(string Key, IStoreSession Session, long Token);
