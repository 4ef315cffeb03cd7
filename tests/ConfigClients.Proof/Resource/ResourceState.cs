namespace ConfigClients.Proof.Resource;

/// <summary>One counter that lock holders read and write back, and what became of it.</summary>
public sealed class ResourceState
{
    /// <summary>The counter.</summary>
    public long Value { get; private set; }

    /// <summary>The largest token seen.</summary>
    public long MaxToken { get; private set; }

    /// <summary>Writes that were taken. Each added one to what its writer had read, so <see cref="Value"/> is less by every lost update.</summary>
    public int Taken { get; private set; }

    /// <summary>Writes that were taken although a larger token had been seen before.</summary>
    public int StaleTaken { get; private set; }

    /// <summary>Reads and writes that were refused for their token.</summary>
    public int Refused { get; private set; }

    /// <summary>Updates that another one overwrote without having seen them.</summary>
    public long Lost => Taken - Value;

    /// <summary>Reads under a token. A read counts as seen, too: else an older holder could write between it and the write that follows.</summary>
    /// <param name="token">The reader's token.</param>
    /// <param name="isFenced">Whether smaller tokens are refused.</param>
    /// <returns>The counter, or null if refused.</returns>
    public long? Read(long token, bool isFenced) => See(token, isFenced) is null ? null : Value;

    /// <summary>Writes under a token.</summary>
    /// <param name="token">The writer's token.</param>
    /// <param name="value">What the writer had read, and one.</param>
    /// <param name="isFenced">Whether smaller tokens are refused.</param>
    /// <returns>The counter, or null if refused.</returns>
    public long? Write(long token, long value, bool isFenced)
    {
        if (See(token, isFenced) is not { } isStale)
        {
            return null;
        }

        Taken++;
        StaleTaken += isStale ? 1 : 0;
        Value = value;
        return value;
    }

    /// <summary>Whether the token is stale; null if refused for it.</summary>
    private bool? See(long token, bool isFenced)
    {
        bool isStale = token < MaxToken;
        if (isStale && isFenced)
        {
            Refused++;
            return null;
        }

        MaxToken = Math.Max(MaxToken, token);
        return isStale;
    }
}
