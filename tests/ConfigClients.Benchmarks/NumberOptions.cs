namespace ConfigClients.Benchmarks;

/// <summary>What the options probe binds.</summary>
internal sealed class NumberOptions
{
    public int Number { get; set; } = -1;
}
