using ConfigClients.Conformance;
using ConfigClients.Embedded.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Embedded.Tests;

/// <summary>Private memory is one store object's own; here several clients share one database by an internal door.</summary>
public sealed class EmbeddedMemoryFixture : StoreFixture
{
    private readonly EmbeddedStoreOptions _options = new() { InMemory = true };
    private readonly EmbeddedDatabase _database;

    public EmbeddedMemoryFixture()
    {
        _database = new EmbeddedDatabase(null, _options, EmbeddedClock.Machine, NullLogger.Instance);
    }

    public override void Choose(ConfigStoreBuilder builder) => builder.Use(new EmbeddedStoreFactory(_options, _database));

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await base.DisposeAsync();
    }
}
