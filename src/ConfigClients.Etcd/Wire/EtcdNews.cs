namespace ConfigClients.Etcd.Wire;

/// <summary>What one watch was told at once.</summary>
/// <param name="Events">The changes, oldest first; none for a sign of life.</param>
/// <param name="Revision">All changes up to this revision have been told.</param>
/// <param name="Bytes">About how much memory it holds.</param>
/// <param name="Gap">Why changes may be missing; null if none are.</param>
internal sealed record EtcdNews(IReadOnlyList<EtcdEvent> Events, long Revision, int Bytes, string? Gap = null);
