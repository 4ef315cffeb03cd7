using ConfigClients.Backends;
using ConfigClients.Backends.Consul;

namespace ConfigClients.Consul.Tests;

/// <summary>A server that denies whatever no token allows.</summary>
public sealed class ConsulAclFixture : IAsyncLifetime
{
    private ConsulBackend? _server;
    private IConfigStore? _operator;

    /// <summary>Makes policies and tokens.</summary>
    public ConsulAcl Acl => Server.Acl!;

    /// <summary>A store that may do everything.</summary>
    public IConfigStore Operator => _operator ??= Open(Server.MasterToken!);

    private ConsulBackend Server => _server ?? throw new BackendsOffException();

    /// <summary>A prefix no other test uses.</summary>
    public string NewPrefix() => $"t/{Guid.NewGuid():N}";

    /// <summary>A store with a token.</summary>
    public IConfigStore Open(string token, Action<ConfigStoreBuilder>? configure = null) =>
        ConsulStores.Open(Server.Endpoint, options => options.Token = token, configure);

    /// <summary>A store with a token that may do what the rules say.</summary>
    public async Task<IConfigStore> OpenAsync(string rules) => Open((await Acl.CreateTokenAsync(rules)).SecretId);

    public async ValueTask InitializeAsync() =>
        _server = BackendSelection.IsOff ? null : await ConsulBackend.StartAsync(new ConsulBackendOptions { AclEnabled = true });

    public async ValueTask DisposeAsync()
    {
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
