namespace ConfigClients.Proof;

public sealed class EmbeddedProofTests() : StoreProof("embedded");
