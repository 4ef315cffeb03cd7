using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ConfigClients.Proof.Faults;
using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Processes;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Members;

/// <summary>Members of a group that share partitions, under faults; and whether they agree whenever it has been quiet for a while.</summary>
public sealed class MemberProof
{
    private const int FaultsPerRound = 12;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(120);

    private readonly StoreUnderProof _store;
    private readonly MemberProofOptions _options;
    private readonly LockHistory _history = new();
    private readonly ResourceServer _resource = new();
    private readonly ConcurrentDictionary<string, MemberStatus?> _status = new();
    private readonly ConcurrentDictionary<string, string> _digests = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly List<TimeSpan> _settled = [];
    private int _views;

    private MemberProof(StoreUnderProof store, MemberProofOptions options)
    {
        _store = store;
        _options = options;
    }

    /// <summary>Runs it.</summary>
    /// <param name="store">The store; its server is killed now and then, and runs in the end.</param>
    /// <param name="options">How much is tried.</param>
    /// <returns>What became of it.</returns>
    public static async Task<MemberProofResult> RunAsync(StoreUnderProof store, MemberProofOptions options)
    {
        MemberProof proof = new(store, options);
        using (proof._resource)
        {
            return await proof.RunAsync();
        }
    }

    private async Task<MemberProofResult> RunAsync()
    {
        long startedAt = Stopwatch.GetTimestamp();
        await using ClientPool pool = new(_options.Processes, Start, static _ => true, _store);
        FaultSchedule schedule = new(_options.Seed, _options.Processes, StoreUnderProof.Ttl, _store.TakeOverBound, _store.Server is not null, _options.Spacing);
        using IEnumerator<Fault> faults = (_options.Length is null ? schedule.Brief() : schedule.Endless()).GetEnumerator();
        await SettleAsync(pool);
        do
        {
            for (int i = 0; i < FaultsPerRound && faults.MoveNext(); i++)
            {
                await Task.Delay(faults.Current.After);
                await pool.BeginAsync(faults.Current);
            }

            await pool.FinishAsync();
            await SettleAsync(pool);
        }
        while (Stopwatch.GetElapsedTime(startedAt) < _options.Length);

        bool[] ended = await Task.WhenAll(pool.Clients.Select(static client => client.EndAsync(Drain)));
        IEnumerable<string> unfinished =
        [
            .. ended.Where(static hasEnded => !hasEnded).Select(static _ => $"a process did not end within {Drain.TotalSeconds} s of being told to"),
            .. pool.Clients.Where(static client => client.HasFailed).Select(static _ => "a process ended with an error"),
        ];
        IReadOnlyList<Hold> owned = _history.Holds;
        IReadOnlyList<ResourceState> states = _resource.Of(Arm.Fenced);
        return new MemberProofResult(
            _options.Seed, Stopwatch.GetElapsedTime(startedAt), pool.Done, _settled, _views, owned.Count,
            states.Sum(static state => state.Taken), states.Sum(static state => state.Refused),
            [.. _faults, .. unfinished, .. LockChecks.TokenFaults(owned), .. LockChecks.OverlapFaults(owned), .. LockChecks.ResourceFaults(states)]);
    }

    private ChildProcess Start(int place, int generation)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"m{place:D2}");
        Dictionary<(Arm Arm, int Number, long Token), Hold> open = [];
        _status[id] = null;
        return ChildProcess.Start([MemberProcess.Role, _store.Address, _resource.Port.ToString(CultureInfo.InvariantCulture), id], line => Hear(id, open, line));
    }

    private void Hear(string id, Dictionary<(Arm Arm, int Number, long Token), Hold> open, string line)
    {
        string[] words = line.Split(' ');
        switch (words[0])
        {
            case "now":
                _status[id] = MemberStatus.Parse(words[1..]);
                break;
            case "view":
                Interlocked.Increment(ref _views);
                if (_digests.GetOrAdd(words[2], words[1]) is { } other && other != words[1])
                {
                    _faults.Enqueue($"the members {words[2]} make the ring {words[1]} in {id}, and {other} elsewhere");
                }

                break;
            default:
                _history.Hear(open, line);
                break;
        }
    }

    /// <summary>Asks until all agree; for no longer than the store may believe in the dead, twice, and the members need to come back.</summary>
    private async Task SettleAsync(ClientPool pool)
    {
        long since = Stopwatch.GetTimestamp();
        TimeSpan limit = (_store.TakeOverBound * 2) + TimeSpan.FromSeconds(20);
        string? fault;
        do
        {
            foreach (string id in _status.Keys)
            {
                _status[id] = null;
            }

            foreach (ChildProcess client in pool.Clients)
            {
                client.Tell("report");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500));
            fault = MemberStatus.Fault(_status, MemberProcess.PartitionCount);
        }
        while (fault is not null && Stopwatch.GetElapsedTime(since) < limit);

        _settled.Add(Stopwatch.GetElapsedTime(since));
        await _options.Output.WriteLineAsync($"quiet after {_settled[^1].TotalSeconds:F1} s: {fault ?? "all agree"}");
        if (fault is not null)
        {
            _faults.Enqueue($"after {limit.TotalSeconds} s of quiet {fault}");
        }
    }
}
