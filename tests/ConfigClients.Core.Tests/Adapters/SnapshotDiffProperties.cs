using ConfigClients.Adapters;
using FsCheck.Xunit;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class SnapshotDiffProperties
{
    /// <summary>Each byte is an entry: which key, which version.</summary>
    [Property(MaxTest = 100_000)]
    public bool Applying_the_difference_to_the_first_gives_the_second(byte[] first, byte[] second)
    {
        ConfigEntry[] before = Listing(first);
        ConfigEntry[] after = Listing(second);

        IReadOnlyList<ConfigChange> changes = SnapshotDiff.Between(before, after);
        Dictionary<string, ConfigEntry> state = before.ToDictionary(static entry => entry.Key);
        foreach (ConfigChange change in changes)
        {
            if (change.IsDelete ? !state.Remove(change.Key) : state.TryGetValue(change.Key, out ConfigEntry? old) && SnapshotDiff.IsSame(old, change.Entry!))
            {
                // It deletes what is not there, or says what is known.
                return false;
            }

            if (!change.IsDelete)
            {
                state[change.Key] = change.Entry!;
            }
        }

        return state.Count == after.Length
            && after.All(entry => SnapshotDiff.IsSame(state[entry.Key], entry))
            && changes.Zip(changes.Skip(1)).All(static pair => ConfigKey.Compare(pair.First.Key, pair.Second.Key) < 0);
    }

    [Property(MaxTest = 1000)]
    public bool A_listing_does_not_differ_from_itself(byte[] entries) => SnapshotDiff.Between(Listing(entries), Listing(entries)).Count == 0;

    private static ConfigEntry[] Listing(byte[] entries) =>
    [
        .. entries
            .DistinctBy(static b => b / 8)
            .Select(static b => new ConfigEntry($"k/{b / 8}", new byte[] { (byte)(b % 2) }, new Revision(1 + (b % 8)), 1 + (b % 4), b % 8 == 7 ? "s" : null))
            .Order(Comparer<ConfigEntry>.Create(static (left, right) => ConfigKey.Compare(left.Key, right.Key))),
    ];
}
