using System.Net.Http.Json;
using System.Text.Json;

namespace ConfigClients.Backends.Consul;

/// <summary>Makes and takes away rights, as an operator does.</summary>
public sealed class ConsulAcl
{
    private readonly HttpClient _client;

    internal ConsulAcl(HttpClient client) => _client = client;

    /// <summary>A policy with these rules, for instance <c>key_prefix "app/" { policy = "read" }</c>.</summary>
    public async Task<ConsulPolicy> CreatePolicyAsync(string rules, CancellationToken cancellationToken = default)
    {
        string name = $"test-{Guid.NewGuid():N}";
        JsonElement answer = await PutAsync("/v1/acl/policy", new { Name = name, Rules = rules }, cancellationToken);
        return new(Text(answer, "ID"), name);
    }

    /// <summary>Gives a policy other rules; its tokens are affected at once on the same server.</summary>
    public Task ChangePolicyAsync(ConsulPolicy policy, string rules, CancellationToken cancellationToken = default) =>
        PutAsync($"/v1/acl/policy/{policy.Id}", new { ID = policy.Id, policy.Name, Rules = rules }, cancellationToken);

    /// <summary>A token that may do what the policies allow; with none, nothing.</summary>
    public async Task<ConsulToken> CreateTokenAsync(IEnumerable<ConsulPolicy> policies, CancellationToken cancellationToken = default)
    {
        var body = new { Policies = policies.Select(policy => new { ID = policy.Id }) };
        JsonElement answer = await PutAsync("/v1/acl/token", body, cancellationToken);
        return new(Text(answer, "AccessorID"), Text(answer, "SecretID"));
    }

    /// <summary>A token with a policy of its own.</summary>
    public async Task<ConsulToken> CreateTokenAsync(string rules, CancellationToken cancellationToken = default) =>
        await CreateTokenAsync([await CreatePolicyAsync(rules, cancellationToken)], cancellationToken);

    /// <summary>Takes a token away; a server then answers it with 403 "ACL not found".</summary>
    public async Task DeleteTokenAsync(ConsulToken token, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await _client.DeleteAsync($"/v1/acl/token/{token.AccessorId}", cancellationToken);
        await EnsureSuccessAsync(response, cancellationToken);
    }

    private static string Text(JsonElement answer, string name) => answer.GetProperty(name).GetString() ?? "";

    private async Task<JsonElement> PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _client.PutAsJsonAsync(path, body, JsonSerializerOptions.Default, cancellationToken);
        await EnsureSuccessAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private static async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            string words = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new InvalidOperationException($"{response.RequestMessage?.RequestUri?.AbsolutePath}: {(int)response.StatusCode} {words}");
        }
    }
}
