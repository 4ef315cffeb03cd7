using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ConfigClients.Recipes;

/// <summary>Spreads keys over members so that few keys move when a member comes or goes. Immutable; pure: the same members make the same ring in every process.</summary>
/// <remarks>
/// Each member stands at many points of a ring (XxHash3 over its id and a number); a key belongs to the next point. When a member comes, keys move to it only;
/// when one goes, its keys spread over the others. See <see cref="Assign"/> for a spread with a bound on everybody's load.
/// </remarks>
public sealed class HashRing
{
    private const long KeySeed = 0x6B65_7973;

    private readonly ulong[] _points;
    private readonly int[] _owners;
    private readonly string[] _members;
    private readonly double[] _weights;

    /// <summary>Makes a ring of members with equal weights.</summary>
    /// <param name="members">The members' ids, in any order; each once.</param>
    /// <param name="virtualNodes">At how many points each stands. 1 to 10,000; default 512, with which nobody of up to 100 members is more than a quarter above the mean.</param>
    /// <exception cref="ArgumentException">An id is empty or comes twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of points is out of range.</exception>
    public HashRing(IEnumerable<string> members, int virtualNodes = DefaultVirtualNodes)
        : this(Weighted(members), virtualNodes)
    {
    }

    /// <summary>Makes a ring of members with weights.</summary>
    /// <param name="weights">The members' ids and their weights, in any order: a member of weight 2 gets twice the keys of one of weight 1. Above 0, up to 100.</param>
    /// <param name="virtualNodes">At how many points a member of weight 1 stands. 1 to 10,000; default 512.</param>
    /// <exception cref="ArgumentException">An id is empty or comes twice, or a weight is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of points is out of range.</exception>
    public HashRing(IEnumerable<KeyValuePair<string, double>> weights, int virtualNodes = DefaultVirtualNodes)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(virtualNodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(virtualNodes, 10_000);
        KeyValuePair<string, double>[] sorted = [.. weights.OrderBy(static member => member.Key, StringComparer.Ordinal)];
        if (FaultOf(sorted) is { } fault)
        {
            throw new ArgumentException(fault, nameof(weights));
        }

        _members = [.. sorted.Select(static member => member.Key)];
        _weights = [.. sorted.Select(static member => member.Value)];
        int[] counts = [.. _weights.Select(weight => Math.Max(1, (int)Math.Round(virtualNodes * weight)))];
        _points = new ulong[counts.Sum()];
        _owners = new int[_points.Length];
        int next = 0;
        for (int owner = 0; owner < counts.Length; owner++)
        {
            Place(_members[owner], _points.AsSpan(next, counts[owner]));
            _owners.AsSpan(next, counts[owner]).Fill(owner);
            next += counts[owner];
        }

        Array.Sort(_points, _owners);
        OrderTies();
    }

    /// <summary>At how many points a member stands unless you say otherwise: 512.</summary>
    public const int DefaultVirtualNodes = 512;

    /// <summary>The members' ids, sorted by ordinal order.</summary>
    public IReadOnlyList<string> Members => _members;

    /// <summary>A number that tells one ring from another: equal for the same members, weights and points, in every process and on every machine.</summary>
    public ulong Digest
    {
        get
        {
            XxHash3 hash = new();
            Span<byte> buffer = stackalloc byte[12];
            for (int i = 0; i < _points.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(buffer, _points[i]);
                BinaryPrimitives.WriteInt32LittleEndian(buffer[8..], _owners[i]);
                hash.Append(buffer);
            }

            foreach (string member in _members)
            {
                hash.Append(Encoding.UTF8.GetBytes(member));
                hash.Append("/"u8);
            }

            return hash.GetCurrentHashAsUInt64();
        }
    }

    /// <summary>The member a key belongs to.</summary>
    /// <param name="key">The key, as UTF-8.</param>
    /// <returns>The member's id.</returns>
    /// <exception cref="InvalidOperationException">The ring has no members.</exception>
    public string Locate(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Locate(Encoding.UTF8.GetBytes(key));
    }

    /// <summary>The member a key belongs to.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The member's id.</returns>
    /// <exception cref="InvalidOperationException">The ring has no members.</exception>
    public string Locate(ReadOnlySpan<byte> key) => _members[_owners[Start(XxHash3.HashToUInt64(key, KeySeed))]];

    /// <summary>The members a key belongs to, the first one and those that would follow it: for copies.</summary>
    /// <param name="key">The key, as UTF-8.</param>
    /// <param name="count">How many different members. If there are fewer, all of them.</param>
    /// <returns>The members' ids, the owner first.</returns>
    /// <exception cref="InvalidOperationException">The ring has no members.</exception>
    public IReadOnlyList<string> Locate(string key, int count)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        List<string> found = [];
        foreach (int owner in From(Start(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key), KeySeed))))
        {
            if (!found.Contains(_members[owner]))
            {
                found.Add(_members[owner]);
            }

            if (found.Count == Math.Min(count, _members.Length))
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Spreads numbered partitions so that nobody has more than a bound: a full member's partitions go on to the next on the ring.</summary>
    /// <param name="partitions">How many. 1 to 65,536.</param>
    /// <param name="maxLoad">How much more than the mean, by weight, one member may have, before rounding up. 1 to 10; default 1.25.</param>
    /// <returns>For each partition the id of its member.</returns>
    /// <remarks>With a bound, a member that comes or goes can also move a few partitions between the others.</remarks>
    /// <exception cref="InvalidOperationException">The ring has no members.</exception>
    public IReadOnlyList<string> Assign(int partitions, double maxLoad = 1.25)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, 65_536);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLoad, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLoad, 10);
        double total = _weights.Sum();
        int[] room = [.. _weights.Select(weight => (int)Math.Ceiling(partitions * maxLoad * weight / total))];
        string[] owners = new string[partitions];
        Span<byte> number = stackalloc byte[4];
        for (int partition = 0; partition < partitions; partition++)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, partition);
            int owner = From(Start(XxHash3.HashToUInt64(number, KeySeed))).First(owner => room[owner] > 0);
            room[owner]--;
            owners[partition] = _members[owner];
        }

        return owners;
    }

    private static IEnumerable<KeyValuePair<string, double>> Weighted(IEnumerable<string> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return members.Select(static member => KeyValuePair.Create(member, 1.0));
    }

    private static string? FaultOf(KeyValuePair<string, double>[] sorted)
    {
        for (int i = 0; i < sorted.Length; i++)
        {
            if (string.IsNullOrEmpty(sorted[i].Key) || (i > 0 && sorted[i].Key == sorted[i - 1].Key))
            {
                return "A member's id is empty, or comes twice.";
            }

            if (!(sorted[i].Value is > 0 and <= 100))
            {
                return $"The weight of \"{sorted[i].Key}\" is {sorted[i].Value}; it must be above 0, up to 100.";
            }
        }

        return null;
    }

    private static void Place(string member, Span<ulong> points)
    {
        byte[] name = Encoding.UTF8.GetBytes(member);
        byte[] buffer = [.. name, 0, 0, 0, 0];
        for (int i = 0; i < points.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(name.Length), i);
            points[i] = XxHash3.HashToUInt64(buffer);
        }
    }

    /// <summary>Several members at one point: the one that sorts first has it, in every process alike.</summary>
    private void OrderTies()
    {
        for (int end = 1; end < _points.Length; end++)
        {
            for (int i = end; i > 0 && _points[i] == _points[i - 1] && _owners[i] < _owners[i - 1]; i--)
            {
                (_owners[i], _owners[i - 1]) = (_owners[i - 1], _owners[i]);
            }
        }
    }

    /// <summary>The first point at or behind a hash; behind the last one comes the first.</summary>
    private int Start(ulong hash)
    {
        if (_points.Length == 0)
        {
            throw new InvalidOperationException("The ring has no members.");
        }

        int found = Array.BinarySearch(_points, hash);
        if (found < 0)
        {
            return ~found % _points.Length;
        }

        while (found > 0 && _points[found - 1] == hash)
        {
            found--;
        }

        return found;
    }

    private IEnumerable<int> From(int start)
    {
        for (int i = 0; i < _owners.Length; i++)
        {
            yield return _owners[(start + i) % _owners.Length];
        }
    }
}
