using System.Diagnostics;
using System.Text;
using ConfigClients.Recipes;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>The hash ring: a look-up against one binary search over as many points, and what a change of members costs.</summary>
internal sealed class HashRings
{
    private const int Members = 100;
    private const int Keys = 100_000;
    private const int Loops = 20;

    private readonly HashRing _ring = new(Enumerable.Range(0, Members).Select(static i => $"member-{i}"));
    private readonly byte[][] _keys = [.. Enumerable.Range(0, Keys).Select(static i => Encoding.UTF8.GetBytes($"shop/{i % 97}/order-{i}"))];
    private readonly ulong[] _points = [.. Enumerable.Range(0, Members * HashRing.DefaultVirtualNodes).Select(static _ => (ulong)Random.Shared.NextInt64()).Order()];
    private readonly ulong[] _hashes = [.. Enumerable.Range(0, Keys).Select(static _ => (ulong)Random.Shared.NextInt64())];

    public IEnumerable<Duel> All() =>
    [
        new("hash ring look-up of a key, 100 members, against one binary search over as many points", "ns", 2.0, false, () => Task.FromResult(Search()), () => Task.FromResult(Locate())),
    ];

    /// <summary>A member has gone: a new ring, and every key looked up on it.</summary>
    public string Fact()
    {
        List<double> times = [];
        int moved = 0;
        for (int i = 0; i < Loops; i++)
        {
            long start = Stopwatch.GetTimestamp();
            HashRing next = new(_ring.Members.Where((_, member) => member != i));
            string[] owners = Array.ConvertAll(_keys, key => next.Locate(key));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            moved = _keys.Where((key, number) => _ring.Locate(key) != owners[number]).Count();
        }

        return $"Hash ring: when one of {Members} members goes, the new ring and the new owners of {Keys:N0} keys take {Stat.Median(times):N1} ms (longest of {Loops}: {times.Max():N1} ms; target 50 ms); {moved:N0} keys move.";
    }

    private double Search()
    {
        long start = Stopwatch.GetTimestamp();
        long sum = 0;
        for (int i = 0; i < Loops; i++)
        {
            foreach (ulong hash in _hashes)
            {
                sum += Array.BinarySearch(_points, hash);
            }
        }

        GC.KeepAlive(sum);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Loops / Keys;
    }

    private double Locate()
    {
        long start = Stopwatch.GetTimestamp();
        long sum = 0;
        for (int i = 0; i < Loops; i++)
        {
            foreach (byte[] key in _keys)
            {
                sum += _ring.Locate(key).Length;
            }
        }

        GC.KeepAlive(sum);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Loops / Keys;
    }
}
