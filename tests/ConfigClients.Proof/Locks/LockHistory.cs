using System.Globalization;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>All that the processes said, gathered. Thread-safe.</summary>
public sealed class LockHistory
{
    private readonly Lock _gate = new();
    private readonly List<Hold> _holds = [];
    private readonly List<(int Number, long Token)> _late = [];
    private readonly Dictionary<string, int> _failures = [];
    private readonly Dictionary<int, StoreCounter> _counters = [];
    private int _fencedGrants;

    /// <summary>How many grants of the fenced arm there were.</summary>
    public int FencedGrants => Volatile.Read(ref _fencedGrants);

    /// <summary>All holds so far.</summary>
    public IReadOnlyList<Hold> Holds
    {
        get
        {
            lock (_gate)
            {
                return [.. _holds];
            }
        }
    }

    /// <summary>How many grants came too late to be believed in.</summary>
    public int Late
    {
        get
        {
            lock (_gate)
            {
                return _late.Count;
            }
        }
    }

    /// <summary>Calls that failed, by error.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>The counters in the store, by lock.</summary>
    public IReadOnlyDictionary<int, StoreCounter> Counters => _counters;

    /// <summary>A process has said something.</summary>
    /// <param name="open">The holds of that process which have not ended; its own.</param>
    /// <param name="line">What it said.</param>
    public void Hear(IDictionary<(Arm Arm, int Number, long Token), Hold> open, string line)
    {
        string[] words = line.Split(' ');
        Arm arm = (Arm)Number(words[1]);
        lock (_gate)
        {
            if (words[0] == "failed")
            {
                _failures[words[2]] = _failures.GetValueOrDefault(words[2]) + 1;
                return;
            }

            Hear(open, words, arm, (int)Number(words[2]), Number(words[3]));
        }
    }

    /// <summary>Whether a process holds a lock of an arm, as far as is heard.</summary>
    /// <param name="open">The holds of that process.</param>
    /// <param name="arm">The arm.</param>
    /// <returns>Whether it does.</returns>
    public bool HasOpen(IDictionary<(Arm Arm, int Number, long Token), Hold> open, Arm arm)
    {
        lock (_gate)
        {
            return open.Keys.Any(hold => hold.Arm == arm);
        }
    }

    private void Hear(IDictionary<(Arm Arm, int Number, long Token), Hold> open, string[] words, Arm arm, int number, long token)
    {
        switch (words[0])
        {
            case "granted":
                Hold hold = new(arm, number, token, Number(words[4]), Number(words[5]));
                _holds.Add(hold);
                open[(arm, number, token)] = hold;
                _fencedGrants += arm == Arm.Fenced ? 1 : 0;
                break;
            case "held":
                open[(arm, number, token)].Look(Number(words[4]), Number(words[5]));
                break;
            case "released":
                open[(arm, number, token)].EndAt(Number(words[4]));
                open.Remove((arm, number, token));
                break;
            case "lost":
                open[(arm, number, token)].Lose((LossKind)Number(words[4]));
                open.Remove((arm, number, token));
                break;
            case "late":
                _late.Add((number, token));
                break;
            case "trying":
                Counter(number).Tried++;
                break;
            case "tried":
                Counter(number).Applied += words[4] == "1" ? 1 : 0;
                Counter(number).NotApplied += words[4] == "0" ? 1 : 0;
                break;
            default:
                throw new InvalidOperationException($"A process said \"{words[0]}\".");
        }
    }

    private StoreCounter Counter(int number)
    {
        if (!_counters.TryGetValue(number, out StoreCounter? counter))
        {
            _counters.Add(number, counter = new StoreCounter());
        }

        return counter;
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
