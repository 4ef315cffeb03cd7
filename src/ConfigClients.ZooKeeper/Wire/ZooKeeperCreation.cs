namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What to create: the same fields for a create alone and one in a multi.</summary>
internal readonly record struct ZooKeeperCreation(ReadOnlyMemory<byte>? Data, ZooKeeperCreateMode Mode, ZooKeeperCreateOptions? Options)
{
    /// <summary>The operation that creates such a node; another one would silently make something else.</summary>
    public ZooKeeperOpCode OpCode => Mode switch
    {
        ZooKeeperCreateMode.Container => ZooKeeperOpCode.CreateContainer,
        ZooKeeperCreateMode.PersistentWithTimeToLive or ZooKeeperCreateMode.PersistentSequentialWithTimeToLive => ZooKeeperOpCode.CreateTtl,
        _ => ZooKeeperOpCode.Create2,
    };

    public bool IsEphemeral => Mode is ZooKeeperCreateMode.Ephemeral or ZooKeeperCreateMode.EphemeralSequential;

    public bool IsSequential => Mode is ZooKeeperCreateMode.PersistentSequential or ZooKeeperCreateMode.EphemeralSequential
        or ZooKeeperCreateMode.PersistentSequentialWithTimeToLive;

    /// <summary>Refuses what no server takes.</summary>
    /// <exception cref="ArgumentException">The options do not fit the mode.</exception>
    public void Check()
    {
        if (!Enum.IsDefined(Mode))
        {
            throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "There is no such mode.");
        }

        TimeSpan? ttl = Options?.TimeToLive;
        if (OpCode == ZooKeeperOpCode.CreateTtl != ttl is not null)
        {
            throw new ArgumentException($"{nameof(ZooKeeperCreateOptions.TimeToLive)} goes with the modes that have one, and only with those.");
        }

        if (ttl is { TotalMilliseconds: < 1 or > 0xFF_FFFF_FFFF })
        {
            throw new ArgumentOutOfRangeException(nameof(ZooKeeperCreateOptions.TimeToLive), ttl, "A time to live is 1 ms to about 34 years.");
        }

        if (Options is { Acl.Count: 0 })
        {
            throw new ArgumentException("An ACL has at least one line.");
        }
    }

    /// <summary>Writes everything behind the path.</summary>
    public void Write(ZooKeeperWriter writer)
    {
        writer.WriteData(Data);
        ZooKeeperAcls.Write(writer, Options?.Acl ?? ZooKeeperAcl.Open);
        writer.WriteInt32((int)Mode);
        if (OpCode == ZooKeeperOpCode.CreateTtl)
        {
            writer.WriteInt64((long)Options!.TimeToLive!.Value.TotalMilliseconds);
        }
    }
}
