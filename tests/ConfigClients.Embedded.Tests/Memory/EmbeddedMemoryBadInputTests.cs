using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryBadInputTests(EmbeddedMemoryFixture fixture) : BadInputConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
