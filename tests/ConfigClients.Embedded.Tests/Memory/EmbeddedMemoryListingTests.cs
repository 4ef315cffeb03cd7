using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedMemoryListingTests(EmbeddedMemoryFixture fixture) : ListingConformance(fixture), IClassFixture<EmbeddedMemoryFixture>;
