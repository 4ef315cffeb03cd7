namespace ConfigClients.Tests;

public sealed class EmbeddedSampleTests : SampleConformance, IDisposable
{
    private readonly TemporaryFile _file = new();

    protected override string Store => $"embedded:{_file.Path}";

    public void Dispose() => _file.Dispose();
}
