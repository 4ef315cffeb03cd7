namespace ConfigClients.Proof;

public sealed class ZooKeeperProofTests() : StoreProof("zookeeper");
