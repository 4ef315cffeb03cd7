using ConfigClients.Backends;
using ConfigClients.Backends.Etcd;

namespace ConfigClients.Etcd.Tests;

/// <summary>A server that wants a user for everything.</summary>
public sealed class EtcdAuthFixture : IAsyncLifetime
{
    private EtcdBackend? _server;
    private IConfigStore? _operator;
    private int _users;

    /// <summary>The server.</summary>
    public EtcdBackend Server => _server ?? throw new BackendsOffException();

    /// <summary>Makes users, roles and rights.</summary>
    public EtcdUsers Users => Server.Control.Users;

    /// <summary>A store that may do everything.</summary>
    public IConfigStore Operator => _operator ??= Open("root", Server.RootPassword!);

    /// <summary>A prefix no other test uses.</summary>
    public string NewPrefix() => $"t/{Guid.NewGuid():N}";

    /// <summary>A user with a role of the same name that may do this below a prefix; the password is the name twice.</summary>
    public async Task<string> AddUserAsync(string permission, string prefix)
    {
        string user = $"user{Interlocked.Increment(ref _users)}";
        await Users.AddWithRoleAsync(user, user + user, permission, prefix + "/");
        return user;
    }

    /// <summary>A store of a user that <see cref="AddUserAsync"/> made.</summary>
    public IConfigStore Open(string user, Action<EtcdStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        Open(user, user + user, options, configure);

    /// <summary>A store of a user.</summary>
    public IConfigStore Open(string user, string password, Action<EtcdStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) => EtcdStores.Open(
        Server.Endpoint,
        etcd =>
        {
            (etcd.User, etcd.Password) = (user, password);
            options?.Invoke(etcd);
        },
        configure);

    public async ValueTask InitializeAsync() =>
        _server = BackendSelection.IsOff ? null : await EtcdBackend.StartAsync(new EtcdBackendOptions { AuthEnabled = true });

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
