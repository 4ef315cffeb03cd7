using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ConfigClients.Backends.Consul;

/// <summary>A Consul server: one alone, or one of a <see cref="ConsulCluster"/>.</summary>
public sealed class ConsulBackend : IBackend
{
    private readonly IBackend _server;
    private readonly ConsulAccess _access;
    private readonly HttpClient _operator;

    private ConsulBackend(IBackend server, ConsulNode node, ConsulAccess access, HttpClient operatorClient)
    {
        _server = server;
        _access = access;
        _operator = operatorClient;
        Node = node;
        Acl = access.MasterToken is null ? null : new(operatorClient);
    }

    /// <inheritdoc/>
    public string Flavor => _server.Flavor;

    /// <inheritdoc/>
    public string Host => _server.Host;

    /// <inheritdoc/>
    public int Port => _server.Port;

    /// <inheritdoc/>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>The token that may do everything; null without ACLs.</summary>
    public string? MasterToken => _access.MasterToken;

    /// <summary>Makes policies and tokens; null without ACLs.</summary>
    public ConsulAcl? Acl { get; }

    /// <summary>How the server is called in its cluster.</summary>
    public string NodeName => Node.Name;

    internal ConsulNode Node { get; }

    /// <summary>Starts one persistent server; returns when keys, sessions and (with ACLs) tokens can be written.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static Task<ConsulBackend> StartAsync(ConsulBackendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ConsulNode node = ConsulNode.Create("n1");
        ConsulAccess access = new(options ?? new());
        return StartAsync(node, [node], access, network: null, cancellationToken);
    }

    /// <summary>A client for whatever the test wants to ask the server directly; the caller disposes it.</summary>
    /// <param name="token">The ACL token to send; null to send none.</param>
    /// <param name="certificate">What to show to the server; null to show nothing.</param>
    /// <remarks>It takes any server certificate: it is the test's tool, not its subject.</remarks>
    public HttpClient CreateClient(string? token = null, X509Certificate2? certificate = null) =>
        ConsulAccess.CreateClient(Endpoint, token, certificate);

    /// <inheritdoc/>
    public Task PauseAsync() => _server.PauseAsync();

    /// <inheritdoc/>
    public Task ResumeAsync() => _server.ResumeAsync();

    /// <inheritdoc/>
    public Task KillAsync() => _server.KillAsync();

    /// <inheritdoc/>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>Starts the server again. In a cluster it returns as soon as the server answers, leader or not.</summary>
    public Task RestartAsync() => _server.RestartAsync();

    /// <inheritdoc/>
    public Task<string> LogsAsync() => _server.LogsAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await _server.DisposeAsync();
    }

    internal static async Task<ConsulBackend> StartAsync(
        ConsulNode node, IReadOnlyList<ConsulNode> members, ConsulAccess access,
        Containers.ContainerNetwork? network, CancellationToken cancellationToken)
    {
        HttpClient client = access.CreateOperatorClient(node.HttpPort);
        bool alone = members.Count == 1;
        ConsulSettings settings = new(access.Options, node, members, access.MasterToken);
        ServerPlan plan = new()
        {
            Kind = ServerKind.Consul,
            NodeName = node.Name,
            ClientPort = node.HttpPort,
            Scheme = access.Options.Pki is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps,
            Files = settings.Files,
            Arguments = place => ["agent", "-config-file", $"{place.Folder}/{ConsulSettings.FileName}"],
            IsReadyAsync = (_, token) => alone
                ? ConsulProbe.ServesAsync(client, 1, access.MasterToken is not null, token)
                : ConsulProbe.AnswersAsync(client, token),
        };

        try
        {
            return new(await ServerLauncher.LaunchAsync(plan, network, cancellationToken), node, access, client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Whether this server serves as a member of a cluster of this size.</summary>
    internal Task<bool> ServesAsync(int nodes, CancellationToken cancellationToken) =>
        ConsulProbe.ServesAsync(_operator, nodes, MasterToken is not null, cancellationToken);

    /// <summary>The RPC address of the leader this server follows; empty when it knows none.</summary>
    internal async Task<string> LeaderAddressAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _operator.GetAsync("/v1/status/leader", cancellationToken);
        return response.StatusCode is HttpStatusCode.OK
            ? (await response.Content.ReadAsStringAsync(cancellationToken)).Trim().Trim('"')
            : "";
    }
}
