namespace ConfigClients.Etcd.Wire;

/// <summary>One change, and the revision that made it.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Change">The change.</param>
internal readonly record struct EtcdEvent(long Revision, ConfigChange Change);
