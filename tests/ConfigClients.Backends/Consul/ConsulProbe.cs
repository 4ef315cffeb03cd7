using System.Net;
using System.Net.Http.Json;

namespace ConfigClients.Backends.Consul;

/// <summary>Decides whether a Consul server may be used.</summary>
internal static class ConsulProbe
{
    private const string ProbePolicy = "configclients-readiness";

    /// <summary>Whether the agent talks HTTP at all, with or without a leader.</summary>
    public static async Task<bool> AnswersAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync("/v1/status/leader", cancellationToken);
        return true;
    }

    /// <summary>Whether there is a leader, this many nodes are registered, and tokens can be made if ACLs are on.</summary>
    /// <remarks>
    /// A leader alone is not enough: creating a session fails until the node is registered, which happens a moment later,
    /// and right after an election the ACL system answers that it is in legacy mode.
    /// </remarks>
    public static async Task<bool> ServesAsync(HttpClient client, int nodes, bool withAcl, CancellationToken cancellationToken)
    {
        using HttpResponseMessage catalog = await client.GetAsync("/v1/catalog/nodes?consistent", cancellationToken);
        return catalog.IsSuccessStatusCode
            && (await catalog.Content.ReadFromJsonAsync<object[]>(cancellationToken))?.Length >= nodes
            && (!withAcl || await AcceptsPoliciesAsync(client, cancellationToken));
    }

    private static async Task<bool> AcceptsPoliciesAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.PutAsJsonAsync(
            "/v1/acl/policy", new { Name = ProbePolicy }, cancellationToken);
        return response.StatusCode is HttpStatusCode.OK
            || (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("already exists", StringComparison.Ordinal);
    }
}
