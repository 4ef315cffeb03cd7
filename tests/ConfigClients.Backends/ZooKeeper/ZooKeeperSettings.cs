using System.Text;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>Writes the configuration files of one server of a cluster, or of a server alone.</summary>
internal sealed class ZooKeeperSettings(ZooKeeperBackendOptions options, ZooKeeperNode self, IReadOnlyList<ZooKeeperNode> members)
{
    public const string FileName = "zoo.cfg";

    private readonly TestCertificate? _certificate = options.Pki is null
        ? null
        : options.ServerCertificate ?? options.Pki.IssueServer(self.Name);

    private bool Alone => members.Count == 1;

    /// <summary>What only the Java machine can be told.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        // A peer that is not there yet is otherwise not looked up again for ten seconds.
        ["JAVA_TOOL_OPTIONS"] = $"-Dsun.net.inetaddr.negative.ttl=0 -Dreadonlymode.enabled={Word(options.ReadOnlyMode)}{(options.MaxRequestBytes is { } bytes ? $" -Djute.maxbuffer={bytes}" : "")}{(options.RelayPeers ? " -Djava.net.preferIPv4Stack=true" : "")}",
    };

    public IReadOnlyDictionary<string, byte[]> Files(ServerPlace place)
    {
        Dictionary<string, byte[]> files = new()
        {
            [FileName] = Encoding.UTF8.GetBytes(string.Join('\n', [.. Lines(place), .. options.ExtraConfig, ""])),
            ["myid"] = Encoding.ASCII.GetBytes($"{self.Number}"),
        };
        if (_certificate is not null)
        {
            files["ca.pem"] = Encoding.ASCII.GetBytes(options.Pki!.CaPem);
            files["server.pem"] = Encoding.ASCII.GetBytes(_certificate.CertificatePem + "\n" + _certificate.KeyPem + "\n");
        }

        return files;
    }

    private static string Word(bool value) => value ? "true" : "false";

    private IEnumerable<string> Lines(ServerPlace place) =>
    [
        $"tickTime={(int)options.TickTime.TotalMilliseconds}",
        $"maxSessionTimeout={(int)options.LongestSession.TotalMilliseconds}",
        "initLimit=20",
        "syncLimit=6",
        $"dataDir={place.Folder}",
        "maxClientCnxns=0",
        "admin.enableServer=false",
        "4lw.commands.whitelist=*",

        // Tests kill the server, not the machine: what was written survives without waiting for the disk.
        "forceSync=no",
        .. options.DigestRequired ? ["enforce.auth.enabled=true", "enforce.auth.schemes=digest"] : (string[])[],

        // Without sessions of its own a member without a majority has none to serve.
        .. options.ReadOnlyMode ? ["localSessionsEnabled=true", "localSessionsUpgradingEnabled=true"] : (string[])[],
        .. _certificate is null ? [] : TlsLines(place),
        .. _certificate is null && Alone ? [$"clientPort={self.ClientPort}", $"clientPortAddress={place.ListenAddress}"] : (string[])[],
        .. Alone ? [] : ClusterLines(place),
    ];

    private IEnumerable<string> TlsLines(ServerPlace place) =>
    [
        "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
        $"secureClientPort={self.ClientPort}",
        $"secureClientPortAddress={place.ListenAddress}",
        $"ssl.clientAuth={(options.RequireClientCertificate ? "need" : "none")}",
        $"ssl.keyStore.location={place.Folder}/server.pem",
        "ssl.keyStore.type=PEM",
        $"ssl.trustStore.location={place.Folder}/ca.pem",
        "ssl.trustStore.type=PEM",
    ];

    private IEnumerable<string> ClusterLines(ServerPlace place) =>
    [
        "standaloneEnabled=false",
        .. place.InContainer ? ["quorumListenOnAllIPs=true"] : (string[])[],
        .. members.Select(member => $"server.{member.Number}={PeerAddress(member, place)}{ClientAddress(member, place)}"),
    ];

    /// <remarks>A server listens where its own line says; only the others may be told of a relay.</remarks>
    private string PeerAddress(ZooKeeperNode member, ServerPlace place) => member == self
        ? $"{(place.InContainer ? member.Name : "127.0.0.1")}:{member.QuorumPort}:{member.ElectionPort}"
        : $"{(place.InContainer ? member.Name : "127.0.0.1")}:{member.KnownQuorumPort}:{member.KnownElectionPort}";

    /// <remarks>Here only plain ports can stand.</remarks>
    private string ClientAddress(ZooKeeperNode member, ServerPlace place) =>
        _certificate is null ? $";{place.ListenAddress}:{member.ClientPort}" : "";
}
