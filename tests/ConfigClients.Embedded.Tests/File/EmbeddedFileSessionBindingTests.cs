using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileSessionBindingTests(EmbeddedFixture fixture) : SessionBindingConformance(fixture), IClassFixture<EmbeddedFixture>;
