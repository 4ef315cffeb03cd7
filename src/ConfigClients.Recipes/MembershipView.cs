namespace ConfigClients.Recipes;

/// <summary>Who is in a group, as of one store revision. Immutable.</summary>
/// <param name="members">The members, sorted by id.</param>
/// <param name="revision">The store revision of the view.</param>
public sealed class MembershipView(IReadOnlyList<Member> members, long revision)
{
    /// <summary>The members, sorted by the ordinal order of their ids. Two views with the same members are equal lists.</summary>
    public IReadOnlyList<Member> Members { get; } = members;

    /// <summary>The store revision of the view. Larger is newer.</summary>
    public long Revision { get; } = revision;

    /// <summary>Finds a member.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The member, or null.</returns>
    public Member? Find(string id) => Members.FirstOrDefault(member => member.Id == id);

    /// <summary>Ids and epochs; never a payload.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"[{string.Join(", ", Members)}]@{Revision}";
}
