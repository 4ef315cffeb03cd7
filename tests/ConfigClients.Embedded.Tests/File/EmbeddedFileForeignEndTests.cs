using ConfigClients.Conformance.Recipes;
using ConfigClients.Embedded.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileForeignEndTests(EmbeddedFixture fixture) : ForeignEndConformance(fixture), IClassFixture<EmbeddedFixture>
{
    /// <summary>As another process that works on the file.</summary>
    protected override async Task EndAsync(IStoreSession session)
    {
        await using EmbeddedDatabase database = new(fixture.Path, new EmbeddedStoreOptions { Path = fixture.Path }, EmbeddedClock.Machine, NullLogger.Instance);
        await database.WriteAsync(static (writer, id) => writer.EndSession(id), session.Id, TestContext.Current.CancellationToken);
    }
}
