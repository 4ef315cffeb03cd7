namespace ConfigClients.Leading;

/// <summary>One leader service of a host.</summary>
/// <param name="Election">The election it runs under.</param>
/// <param name="ServiceName">Its type's name, for messages.</param>
/// <param name="Resolve">Gets it from a scope.</param>
internal sealed record LeaderRegistration(string Election, string ServiceName, Func<IServiceProvider, ILeaderService> Resolve);
