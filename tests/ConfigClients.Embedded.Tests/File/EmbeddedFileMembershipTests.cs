using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileMembershipTests(EmbeddedFixture fixture) : MembershipConformance(fixture), IClassFixture<EmbeddedFixture>;
