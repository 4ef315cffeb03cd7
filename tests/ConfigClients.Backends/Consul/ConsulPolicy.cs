namespace ConfigClients.Backends.Consul;

/// <summary>An ACL policy: its id and its name.</summary>
public sealed record ConsulPolicy(string Id, string Name);
