using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileLockTests(EmbeddedFixture fixture) : LockConformance(fixture), IClassFixture<EmbeddedFixture>;
