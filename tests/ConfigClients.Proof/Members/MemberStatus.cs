using System.Globalization;

namespace ConfigClients.Proof.Members;

/// <summary>What a member says of itself: its view, the digest of its ring, and its partitions.</summary>
/// <param name="Digest">The digest of the ring.</param>
/// <param name="Ids">The ids in its view.</param>
/// <param name="Owned">The partitions it owns.</param>
public sealed record MemberStatus(string Digest, string Ids, IReadOnlyList<int> Owned)
{
    /// <summary>Reads one.</summary>
    /// <param name="words">Digest, ids, and partitions with commas between.</param>
    /// <returns>The status.</returns>
    public static MemberStatus Parse(IReadOnlyList<string> words) => new(
        words[0], words[1], words.Count < 3 || words[2].Length == 0 ? [] : [.. words[2].Split(',').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))]);

    /// <summary>What is not as it should be when nothing has happened for a while; null if all is well.</summary>
    /// <param name="members">What each member said, by id; null of one that said nothing.</param>
    /// <param name="partitions">How many partitions there are.</param>
    /// <returns>The first fault.</returns>
    public static string? Fault(IReadOnlyDictionary<string, MemberStatus?> members, int partitions)
    {
        string all = string.Join(',', members.Keys.Order(StringComparer.Ordinal));
        foreach ((string id, MemberStatus? status) in members)
        {
            if (status is null || status.Ids != all)
            {
                return status is null ? $"{id} says nothing" : $"{id} sees {status.Ids}, and not {all}";
            }
        }

        if (members.Values.Select(static status => status!.Digest).Distinct().Count() != 1)
        {
            return "equal views, and rings that are not equal";
        }

        int[] owners = new int[partitions];
        foreach (int partition in members.Values.SelectMany(static status => status!.Owned))
        {
            owners[partition]++;
        }

        int wrong = Array.FindIndex(owners, static count => count != 1);
        return wrong < 0 ? null : $"partition {wrong} has {owners[wrong]} owners";
    }
}
