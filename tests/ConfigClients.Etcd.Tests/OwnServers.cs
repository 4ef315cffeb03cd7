namespace ConfigClients.Etcd.Tests;

/// <summary>The classes whose tests start servers of their own. One after another: side by side they would only fight for the processor.</summary>
internal static class OwnServers
{
    /// <summary>The collection that they are in.</summary>
    public const string Name = "Servers of their own";
}
