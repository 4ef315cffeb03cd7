using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileReadWriteLockTests(EmbeddedFixture fixture) : ReadWriteLockConformance(fixture), IClassFixture<EmbeddedFixture>;
