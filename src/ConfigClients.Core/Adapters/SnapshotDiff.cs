using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>What differs between two states of a prefix. Pure.</summary>
[Experimental("CONFIGCLIENTS001")]
public static class SnapshotDiff
{
    /// <summary>Compares two sorted listings in one pass.</summary>
    /// <remarks>A key counts as changed when its version differs, newer or not: after a store was restored, older is the truth.</remarks>
    /// <param name="before">What was known, sorted by <see cref="ConfigKey.Compare"/>.</param>
    /// <param name="after">What is, sorted alike.</param>
    /// <returns>The changes in key order: deletions without entry, everything else with the entry that is.</returns>
    public static IReadOnlyList<ConfigChange> Between(IReadOnlyList<ConfigEntry> before, IReadOnlyList<ConfigEntry> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        List<ConfigChange> changes = [];
        int b = 0;
        int a = 0;
        while (b < before.Count || a < after.Count)
        {
            if (b < before.Count && a < after.Count && ReferenceEquals(before[b], after[a]))
            {
                b++;
                a++;
                continue;
            }

            int order = b == before.Count ? 1
                : a == after.Count ? -1
                : ConfigKey.Compare(before[b].Key, after[a].Key);
            if (order < 0)
            {
                changes.Add(new ConfigChange(before[b++].Key, null));
            }
            else if (order > 0)
            {
                changes.Add(new ConfigChange(after[a].Key, after[a++]));
            }
            else
            {
                if (!IsSame(before[b], after[a]))
                {
                    changes.Add(new ConfigChange(after[a].Key, after[a]));
                }

                b++;
                a++;
            }
        }

        return changes;
    }

    /// <summary>Whether two entries are the same version of the same key, value included.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if nothing was written between them.</returns>
    public static bool IsSame(ConfigEntry left, ConfigEntry right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return ReferenceEquals(left, right)
            || (left.Revision == right.Revision && left.CreateRevision == right.CreateRevision && left.SessionId == right.SessionId

                // A store that was restored counts the same revisions again, for other values.
                && left.Value.Span.SequenceEqual(right.Value.Span));
    }
}
