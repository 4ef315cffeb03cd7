namespace ConfigClients.Backends.Etcd;

/// <summary>Which etcd a test wants.</summary>
public enum EtcdRelease
{
    /// <summary>The one of a Debian release, which does not change from run to run. The default.</summary>
    Stable,

    /// <summary>The newest that could be fetched. Not on every machine: starting it then fails and says why.</summary>
    Next,
}
