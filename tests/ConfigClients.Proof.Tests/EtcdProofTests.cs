namespace ConfigClients.Proof;

public sealed class EtcdProofTests() : StoreProof("etcd");
