namespace ConfigClients.Recipes;

/// <summary>One member of a group, as others see it.</summary>
/// <param name="Id">Who: unique in the group.</param>
/// <param name="Epoch">Rises each time the member comes anew; tells a member from its predecessor of the same name. A fencing token.</param>
/// <param name="Payload">What the member says about itself, such as where it listens.</param>
public sealed record Member(string Id, long Epoch, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Whether two members are equal, payload included.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether they are.</returns>
    public bool Equals(Member? other) => other is not null && Id == other.Id && Epoch == other.Epoch && Payload.Span.SequenceEqual(other.Payload.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Epoch);

    /// <summary>Id and epoch; never the payload.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"{Id}#{Epoch}";
}
