using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileLockLossTests(EmbeddedFixture fixture) : LockLossConformance(fixture), IClassFixture<EmbeddedFixture>;
