using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>What came of <see cref="ISeatStore.SitDownAsync"/>.</summary>
/// <param name="Write">Whether the seat was created; its revision is the create revision.</param>
/// <param name="Queue">All seats as of that revision, or later; null if the store did not tell them.</param>
[Experimental("CONFIGCLIENTS001")]
public readonly record struct SeatTaken(WriteResult Write, ConfigSnapshot? Queue);
