namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The kinds of request, and of result inside a multi.</summary>
internal enum ZooKeeperOpCode
{
    Error = -1,
    CloseSession = -11,
    Create = 1,
    Delete = 2,
    Exists = 3,
    GetData = 4,
    SetData = 5,
    GetAcl = 6,
    SetAcl = 7,
    GetChildren = 8,
    Sync = 9,
    Ping = 11,
    GetChildren2 = 12,

    /// <summary>Only inside a multi. Alone, servers before 3.8.5 and 3.9.3 write it to a log that they cannot read at the next start.</summary>
    Check = 13,
    Multi = 14,
    Create2 = 15,
    RemoveWatches = 18,
    CreateContainer = 19,
    CreateTtl = 21,
    MultiRead = 22,
    Auth = 100,
    GetEphemerals = 103,
    GetAllChildrenNumber = 104,
    SetWatches2 = 105,
    AddWatch = 106,
    WhoAmI = 107,
}
