using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileKeyValueTests(EmbeddedFixture fixture) : KeyValueConformance(fixture), IClassFixture<EmbeddedFixture>;
