namespace ConfigClients.Proof.Faults;

/// <summary>Which faults come when: decided by a seed alone, so that a run that fails can be had again.</summary>
/// <param name="seed">The seed.</param>
/// <param name="clients">How many clients there are.</param>
/// <param name="ttl">The sessions' TTL.</param>
/// <param name="bound">How long the store may believe in a client that is gone.</param>
/// <param name="hasServer">Whether there is a server to kill.</param>
/// <param name="spacing">How long it is from one fault to the next, at most.</param>
public sealed class FaultSchedule(int seed, int clients, TimeSpan ttl, TimeSpan bound, bool hasServer, TimeSpan spacing)
{
    /// <summary>A short one that has one of each kind that takes no long outage. It takes as long as the bound, and some seconds.</summary>
    /// <returns>The faults.</returns>
    public IEnumerable<Fault> Brief()
    {
        Random random = new(seed);
        int first = random.Next(clients);
        if (hasServer)
        {
            yield return Make(FaultKind.KillServer, TimeSpan.FromSeconds(2), first, random);
        }

        yield return Make(FaultKind.KillClient, TimeSpan.FromSeconds(3), first, random);
        foreach (Fault pause in Pauses(round: 0))
        {
            yield return pause;
        }
    }

    /// <summary>Three clients that are stopped, one shortly after the other.</summary>
    /// <param name="round">Which time, from 0.</param>
    /// <returns>The faults.</returns>
    public IEnumerable<Fault> Pauses(int round)
    {
        Random random = new(seed + round);
        int first = random.Next(clients);
        for (int i = 1; i <= 3; i++)
        {
            yield return Make(FaultKind.PauseClient, TimeSpan.FromSeconds(0.5), (first + i) % clients, random);
        }
    }

    /// <summary>An endless one, of all kinds.</summary>
    /// <returns>The faults.</returns>
    public IEnumerable<Fault> Endless()
    {
        Random random = new(seed);
        int sinceOutage = 0;
        while (true)
        {
            FaultKind kind = random.Next(10) switch
            {
                < 4 => FaultKind.PauseClient,
                < 5 => FaultKind.HoldClientBriefly,
                < 8 => FaultKind.KillClient,
                _ when !hasServer => FaultKind.KillClient,
                _ when ++sinceOutage % 5 == 0 => FaultKind.KillServerForLong,
                _ => FaultKind.KillServer,
            };
            yield return Make(kind, spacing * (0.1 + (0.9 * random.NextDouble())), random.Next(clients), random);
        }
    }

    private Fault Make(FaultKind kind, TimeSpan after, int target, Random random) => new(kind, after, target, kind switch
    {
        FaultKind.PauseClient => bound + TimeSpan.FromSeconds(2 + (3 * random.NextDouble())),
        FaultKind.HoldClientBriefly => ttl * (0.1 + (0.4 * random.NextDouble())),
        FaultKind.KillServer => TimeSpan.FromSeconds(0.1 + (2 * random.NextDouble())),
        FaultKind.KillServerForLong => ttl + TimeSpan.FromSeconds(1 + (2 * random.NextDouble())),
        _ => TimeSpan.Zero,
    });
}
