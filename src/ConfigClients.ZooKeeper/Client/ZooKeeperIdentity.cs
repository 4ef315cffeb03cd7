namespace ConfigClients.ZooKeeper;

/// <summary>One identity that this client has in the eyes of the server.</summary>
/// <param name="Scheme">How it was shown: <c>ip</c>, <c>digest</c>, <c>x509</c>.</param>
/// <param name="User">Who, in the words of the scheme; never a password.</param>
public sealed record ZooKeeperIdentity(string Scheme, string User);
