namespace ConfigClients.Conformance;

/// <summary>Something to store as JSON.</summary>
/// <param name="Name">A text.</param>
/// <param name="Sizes">Numbers.</param>
public sealed record TestDocument(string Name, IReadOnlyList<int> Sizes);
