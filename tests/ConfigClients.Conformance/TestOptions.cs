namespace ConfigClients.Conformance;

/// <summary>What an application binds.</summary>
public sealed class TestOptions
{
    /// <summary>A text.</summary>
    public string Name { get; set; } = "";

    /// <summary>A number; the same in everything that was written together.</summary>
    public int Left { get; set; }

    /// <summary>As <see cref="Left"/>.</summary>
    public int Right { get; set; }
}
