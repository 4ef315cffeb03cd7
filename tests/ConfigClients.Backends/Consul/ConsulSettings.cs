using System.Text;
using System.Text.Json.Nodes;

namespace ConfigClients.Backends.Consul;

/// <summary>Writes the configuration files of one server of a cluster, or of a server alone.</summary>
internal sealed class ConsulSettings(ConsulBackendOptions options, ConsulNode self, IReadOnlyList<ConsulNode> members, string? masterToken)
{
    public const string FileName = "consul.json";

    private readonly TestCertificate? _certificate = options.Pki is null
        ? null
        : options.ServerCertificate ?? options.Pki.IssueServer("server.dc1.consul");

    public IReadOnlyDictionary<string, byte[]> Files(ServerPlace place)
    {
        Dictionary<string, byte[]> files = new() { [FileName] = Encoding.UTF8.GetBytes(Write(place).ToJsonString()) };
        if (_certificate is not null)
        {
            files["ca.pem"] = Encoding.ASCII.GetBytes(options.Pki!.CaPem);
            files["server.pem"] = Encoding.ASCII.GetBytes(_certificate.CertificatePem);
            files["server.key"] = Encoding.ASCII.GetBytes(_certificate.KeyPem);
        }

        return files;
    }

    private JsonObject Write(ServerPlace place)
    {
        JsonObject settings = new()
        {
            ["server"] = true,
            ["node_name"] = self.Name,
            ["bootstrap_expect"] = members.Count,
            ["bind_addr"] = place.ListenAddress,
            ["client_addr"] = place.ListenAddress,
            ["data_dir"] = $"{place.Folder}/data",
            ["disable_update_check"] = true,
            ["log_level"] = "info",
            ["skip_leave_on_interrupt"] = true,
            ["performance"] = new JsonObject { ["raft_multiplier"] = 1 },
            ["retry_interval"] = "1s",
            ["retry_join"] = new JsonArray([.. members.Where(other => other != self).Select(other => (JsonNode)Address(other, place))]),
            ["ports"] = new JsonObject
            {
                [_certificate is null ? "http" : "https"] = self.HttpPort,
                [_certificate is null ? "https" : "http"] = -1,
                ["server"] = self.ServerPort,
                ["serf_lan"] = self.SerfPort,
                ["serf_wan"] = -1,
                ["dns"] = -1,
                ["grpc"] = -1,
            },
        };

        AddAcl(settings);
        AddTls(settings, place);
        Merge(settings, options.ExtraConfig);
        return settings;
    }

    private static string Address(ConsulNode node, ServerPlace place) =>
        $"{(place.InContainer ? node.Name : "127.0.0.1")}:{node.SerfPort}";

    private void AddAcl(JsonObject settings)
    {
        if (masterToken is not null)
        {
            settings["acl"] = new JsonObject
            {
                ["enabled"] = true,
                ["default_policy"] = "deny",

                // The agent registers its own node with this; sessions need that registration.
                ["tokens"] = new JsonObject { ["master"] = masterToken, ["agent"] = masterToken },
            };
        }
    }

    private void AddTls(JsonObject settings, ServerPlace place)
    {
        if (_certificate is not null)
        {
            settings["ca_file"] = $"{place.Folder}/ca.pem";
            settings["cert_file"] = $"{place.Folder}/server.pem";
            settings["key_file"] = $"{place.Folder}/server.key";
            settings["verify_incoming_https"] = options.RequireClientCertificate;
            settings["verify_incoming_rpc"] = true;
            settings["verify_outgoing"] = true;
        }
    }

    private static void Merge(JsonObject into, JsonObject? extra)
    {
        foreach ((string name, JsonNode? value) in extra ?? [])
        {
            if (into[name] is JsonObject inner && value is JsonObject further)
            {
                Merge(inner, further);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }
}
