namespace ConfigClients.Backends.Consul;

/// <summary>An ACL token: the secret that clients send, and the public name by which it is managed.</summary>
public sealed record ConsulToken(string AccessorId, string SecretId);
