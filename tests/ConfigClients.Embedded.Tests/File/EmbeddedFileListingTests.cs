using ConfigClients.Conformance;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileListingTests(EmbeddedFixture fixture) : ListingConformance(fixture), IClassFixture<EmbeddedFixture>;
