namespace ConfigClients.Proof;

public sealed class ConsulProofTests() : StoreProof("consul");
