namespace ConfigClients.ZooKeeper;

/// <summary>What an <see cref="ZooKeeperAcl"/> allows.</summary>
[Flags]
public enum ZooKeeperPermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read data and names of children; newer servers ask for it to see whether the node exists.</summary>
    Read = 1,

    /// <summary>Set data.</summary>
    Write = 2,

    /// <summary>Create children.</summary>
    Create = 4,

    /// <summary>Delete children. Belongs to the parent: a protected node below an open parent can be deleted by anybody.</summary>
    Delete = 8,

    /// <summary>Set the ACL.</summary>
    Admin = 16,

    /// <summary>Everything.</summary>
    All = Read | Write | Create | Delete | Admin,
}
