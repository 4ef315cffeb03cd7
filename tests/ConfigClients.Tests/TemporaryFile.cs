namespace ConfigClients.Tests;

/// <summary>A place for one embedded store, gone with the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("configclients-");

    public string Path => System.IO.Path.Combine(_directory.FullName, "config.db");

    public void Dispose() => _directory.Delete(recursive: true);
}
