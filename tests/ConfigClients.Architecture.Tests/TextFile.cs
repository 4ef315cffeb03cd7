namespace ConfigClients.Architecture;

/// <summary>A file of the checkout, or a sample that stands for one.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">What it holds.</param>
internal sealed record TextFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    /// <summary>The project below <c>src</c> or <c>tests</c> that the file belongs to.</summary>
    public string Project => Path.Split('/') is [_, var project, _, ..] ? project : "";

    public int LineCount => Text.Length == 0 ? 0 : Text.TrimEnd('\n').Split('\n').Length;
}
