using System.Diagnostics;
using System.Globalization;
using ConfigClients.Proof.Faults;
using ConfigClients.Proof.Processes;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>Contender processes, locks and faults; and what became of the promises.</summary>
public sealed class LockProof
{
    private const int Rounds = 4;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(120);

    /// <summary>What a client that goes on again needs for the step it was stopped in.</summary>
    private static readonly TimeSpan LastStep = TimeSpan.FromSeconds(3);

    private readonly StoreUnderProof _store;
    private readonly LockProofOptions _options;
    private readonly LockHistory _history = new();
    private readonly ResourceServer _resource = new();
    private readonly Dictionary<ChildProcess, Dictionary<(Arm Arm, int Number, long Token), Hold>> _open = [];
    private readonly List<string> _faults = [];

    private LockProof(StoreUnderProof store, LockProofOptions options)
    {
        _store = store;
        _options = options;
    }

    /// <summary>Runs it.</summary>
    /// <param name="store">The store; its server is killed now and then, and runs in the end.</param>
    /// <param name="options">How much is tried.</param>
    /// <returns>What became of it.</returns>
    public static async Task<LockProofResult> RunAsync(StoreUnderProof store, LockProofOptions options)
    {
        LockProof proof = new(store, options);
        using (proof._resource)
        {
            return await proof.RunAsync();
        }
    }

    private async Task<LockProofResult> RunAsync()
    {
        long startedAt = Stopwatch.GetTimestamp();
        await using ClientPool pool = new(_options.Processes, Start, HoldsControlLocks, _store);
        await InflictAsync(pool);
        bool[] ended = await Task.WhenAll(pool.Clients.Select(static client => client.EndAsync(Drain)));
        CloseOpenHolds();
        _faults.AddRange(ended.Where(static hasEnded => !hasEnded).Select(static _ => $"a process did not end within {Drain.TotalSeconds} s of being told to"));
        _faults.AddRange(_open.Keys.Where(static client => client.HasFailed).Select(static _ => "a process ended with an error"));

        await CheckStoreAsync();
        IReadOnlyList<Hold> fenced = [.. _history.Holds.Where(static hold => hold.Arm == Arm.Fenced)];
        IReadOnlyList<Hold> unfenced = [.. _history.Holds.Where(static hold => hold.Arm == Arm.Unfenced)];
        _faults.AddRange(LockChecks.TokenFaults(fenced).Concat(LockChecks.TokenFaults(unfenced)));
        _faults.AddRange(LockChecks.OverlapFaults(fenced).Concat(LockChecks.OverlapFaults(unfenced)));
        _faults.AddRange(LockChecks.ResourceFaults(_resource.Of(Arm.Fenced)));
        return new LockProofResult(_options.Seed, Stopwatch.GetElapsedTime(startedAt), _history, [.. Enum.GetValues<Arm>().Select(Sum)], pool.Done, _faults);
    }

    private async Task InflictAsync(ClientPool pool)
    {
        FaultSchedule schedule = new(_options.Seed, _options.Processes, StoreUnderProof.Ttl, _store.TakeOverBound, _store.Server is not null, _options.Spacing);
        if (_options.Grants > 0)
        {
            await InflictAsync(pool, schedule.Endless());
            return;
        }

        // A stop that hits nobody in the middle of a step proves nothing: then some more are stopped.
        await InflictAsync(pool, schedule.Brief());
        for (int round = 1; round < Rounds && !HasControlLosses(); round++)
        {
            await InflictAsync(pool, schedule.Pauses(round));
        }
    }

    private async Task InflictAsync(ClientPool pool, IEnumerable<Fault> faults)
    {
        int nextReport = 1000;
        foreach (Fault fault in faults.TakeWhile(_ => _options.Grants == 0 || _history.FencedGrants < _options.Grants))
        {
            await Task.Delay(fault.After);
            await pool.BeginAsync(fault);
            if (_history.FencedGrants >= nextReport)
            {
                await _options.Output.WriteLineAsync($"{_history.FencedGrants} grants");
                nextReport = _history.FencedGrants + 1000;
            }
        }

        await pool.FinishAsync();
        await Task.Delay(LastStep);
    }

    private bool HasControlLosses() => _resource.Of(Arm.Unfenced).Any(static state => state.StaleTaken > 0) && _resource.Of(Arm.Naive).Any(static state => state.StaleTaken > 0);

    private ChildProcess Start(int place, int generation)
    {
        ContenderSettings settings = new(_store.Address, _resource.Port, HashSeed(place, generation), _options.Workers, _options.Rest);
        Dictionary<(Arm Arm, int Number, long Token), Hold> open = [];
        ChildProcess client = ChildProcess.Start([ContenderSettings.Role, .. settings.ToArguments()], line => _history.Hear(open, line));
        lock (_open)
        {
            _open.Add(client, open);
        }

        return client;
    }

    /// <summary>Whether it holds a lock of each control arm: stopped now, it must do harm.</summary>
    private bool HoldsControlLocks(ChildProcess client)
    {
        lock (_open)
        {
            return _history.HasOpen(_open[client], Arm.Unfenced) && _history.HasOpen(_open[client], Arm.Naive);
        }
    }

    private int HashSeed(int place, int generation) => (_options.Seed * 10_007) + (place * 101) + generation;

    /// <summary>The dead believe in nothing.</summary>
    private void CloseOpenHolds()
    {
        foreach ((ChildProcess client, Dictionary<(Arm, int, long), Hold> open) in _open)
        {
            foreach (Hold hold in open.Values)
            {
                hold.EndAt(client.KilledAt ?? hold.Start);
            }
        }
    }

    /// <summary>The counters in the store say what was confirmed, and of the dead no seat is left.</summary>
    private async Task CheckStoreAsync()
    {
        await using IConfigStore store = StoreUnderProof.Open(_store.Address);
        foreach ((int number, StoreCounter counter) in _history.Counters)
        {
            long value = long.Parse(await StoreUnderProof.InsistAsync(() => store.GetStringAsync($"counters/{number}").AsTask()) ?? "0", CultureInfo.InvariantCulture);
            if (counter.Fault(value) is { } fault)
            {
                _faults.Add($"lock {number}: {fault}");
            }
        }

        long since = Stopwatch.GetTimestamp();
        IReadOnlyList<ConfigEntry> seats;
        while ((seats = (await StoreUnderProof.InsistAsync(() => store.ListAsync("locks").AsTask())).Entries).Count > 0)
        {
            if (Stopwatch.GetElapsedTime(since) > _store.TakeOverBound * 2)
            {
                _faults.Add($"{seats.Count} seats are left, of sessions that are over");
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private ArmResult Sum(Arm arm)
    {
        IReadOnlyList<ResourceState> states = _resource.Of(arm);
        IReadOnlyList<Hold> holds = [.. _history.Holds.Where(hold => hold.Arm == arm)];
        return new ArmResult(
            arm, holds.Count, states.Sum(static state => state.Taken), states.Sum(static state => state.StaleTaken), states.Sum(static state => state.Refused),
            states.Sum(static state => state.Lost), LockChecks.OverlapFaults(holds).Count());
    }
}
