using System.Text;

namespace ConfigClients.Backends.Etcd;

/// <summary>Writes the command line and the files of one server of a cluster, or of a server alone.</summary>
internal sealed class EtcdSettings(EtcdBackendOptions options, EtcdNode self, IReadOnlyList<EtcdNode> members)
{
    private readonly TestCertificate? _shown = options.ServerCertificate ?? options.Pki?.IssueServer(self.Name);

    private readonly TestCertificate? _peer = options.Pki?.IssueServer(self.Name);

    private string Scheme => options.Pki is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    public IReadOnlyDictionary<string, byte[]> Files(ServerPlace place)
    {
        Dictionary<string, byte[]> files = [];
        if (options.Pki is not null)
        {
            files["ca.pem"] = Encoding.ASCII.GetBytes(options.Pki.CaPem);
            Add(files, "server", _shown!);
            Add(files, "peer", _peer!);
        }

        return files;
    }

    public IReadOnlyList<string> Arguments(ServerPlace place)
    {
        List<string> arguments =
        [
            "--name", self.Name,
            "--data-dir", $"{place.Folder}/data",
            "--listen-client-urls", $"{Scheme}://{place.ListenAddress}:{self.ClientPort}",
            "--advertise-client-urls", $"{Scheme}://127.0.0.1:{self.ClientPort}",
            "--listen-peer-urls", $"{Scheme}://{place.ListenAddress}:{self.PeerPort}",
            "--initial-advertise-peer-urls", KnownPeerUrl(self, place),
            "--initial-cluster", string.Join(',', members.Select(member => $"{member.Name}={KnownPeerUrl(member, place)}")),
            "--initial-cluster-token", $"test-{members[0].PeerPort}",
            "--listen-metrics-urls", $"http://{place.ListenAddress}:{self.MetricsPort}",
            "--log-outputs", "stderr",

            // Tests kill the server, not the machine: what was written survives without waiting for the disk.
            "--unsafe-no-fsync",

            // The hash that protects passwords is slow on purpose.
            "--bcrypt-cost", "4",

            // Quick elections, which one server alone waits for as well. They also make the shortest lease 1 s, not 2 s.
            "--heartbeat-interval", "50",
            "--election-timeout", "300",
        ];
        if (options.Pki is not null)
        {
            arguments.AddRange(TlsArguments(place.Folder));
        }

        return [.. arguments, .. options.ExtraFlags];
    }

    private static void Add(Dictionary<string, byte[]> files, string name, TestCertificate certificate)
    {
        files[$"{name}.pem"] = Encoding.ASCII.GetBytes(certificate.CertificatePem);
        files[$"{name}.key"] = Encoding.ASCII.GetBytes(certificate.KeyPem);
    }

    private string KnownPeerUrl(EtcdNode node, ServerPlace place) =>
        $"{Scheme}://{(place.InContainer && members.Count > 1 ? node.Name : "127.0.0.1")}:{node.KnownPeerPort}";

    private IEnumerable<string> TlsArguments(string folder)
    {
        IEnumerable<string> arguments =
        [
            "--cert-file", $"{folder}/server.pem", "--key-file", $"{folder}/server.key",
            "--peer-cert-file", $"{folder}/peer.pem", "--peer-key-file", $"{folder}/peer.key",
            "--peer-client-cert-auth", "--peer-trusted-ca-file", $"{folder}/ca.pem",
        ];

        // A trusted authority alone already makes the server ask for certificates.
        return options.RequireClientCertificate
            ? [.. arguments, "--client-cert-auth", "--trusted-ca-file", $"{folder}/ca.pem"]
            : arguments;
    }
}
