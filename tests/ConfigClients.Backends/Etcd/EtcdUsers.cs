namespace ConfigClients.Backends.Etcd;

/// <summary>Makes and takes away rights, as an operator does.</summary>
public sealed class EtcdUsers
{
    private readonly EtcdControl _control;

    internal EtcdUsers(EtcdControl control) => _control = control;

    /// <summary>A user who may do nothing yet.</summary>
    public Task AddAsync(string user, string password, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["user", "add", user, "--interactive=false"], password + "\n", cancellationToken);

    /// <summary>Gives a user another password; tokens that were handed out for the old one end.</summary>
    public Task ChangePasswordAsync(string user, string password, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["user", "passwd", user, "--interactive=false"], password + "\n", cancellationToken);

    /// <summary>Takes a user away.</summary>
    public Task DeleteAsync(string user, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["user", "delete", user], cancellationToken: cancellationToken);

    /// <summary>A role without rights.</summary>
    public Task AddRoleAsync(string role, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["role", "add", role], cancellationToken: cancellationToken);

    /// <summary>Lets a role act on a key, or on all keys that begin with it.</summary>
    /// <param name="role">Whose right it becomes.</param>
    /// <param name="permission"><c>read</c>, <c>write</c> or <c>readwrite</c>; replaces what the role had on the same keys.</param>
    /// <param name="key">The key, or the beginning of keys; <c>""</c> with <paramref name="prefix"/> means all.</param>
    /// <param name="prefix">Whether the key stands for all that begin with it.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    public Task GrantPermissionAsync(
        string role, string permission, string key, bool prefix = true, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["role", "grant-permission", Prefix(prefix), "--", role, permission, key], cancellationToken: cancellationToken);

    /// <summary>Takes back what <see cref="GrantPermissionAsync"/> gave for the same keys.</summary>
    public Task RevokePermissionAsync(string role, string key, bool prefix = true, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["role", "revoke-permission", Prefix(prefix), "--", role, key], cancellationToken: cancellationToken);

    /// <summary>Gives a user the rights of a role.</summary>
    public Task GrantRoleAsync(string user, string role, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["user", "grant-role", user, role], cancellationToken: cancellationToken);

    /// <summary>Takes the rights of a role from a user.</summary>
    public Task RevokeRoleAsync(string user, string role, CancellationToken cancellationToken = default) =>
        _control.RunAsync(["user", "revoke-role", user, role], cancellationToken: cancellationToken);

    /// <summary>A user with a role of the same name that may act on all keys with this beginning.</summary>
    public async Task AddWithRoleAsync(
        string user, string password, string permission, string prefix, CancellationToken cancellationToken = default)
    {
        await AddAsync(user, password, cancellationToken);
        await AddRoleAsync(user, cancellationToken);
        await GrantPermissionAsync(user, permission, prefix, cancellationToken: cancellationToken);
        await GrantRoleAsync(user, user, cancellationToken);
    }

    /// <summary>Demands a user for every request from now on. The user <c>root</c> must exist, and becomes the one who may do everything.</summary>
    public Task EnableAuthAsync(CancellationToken cancellationToken = default) =>
        _control.RunAsync(["auth", "enable"], cancellationToken: cancellationToken);

    /// <summary>Lets everybody do everything again.</summary>
    public Task DisableAuthAsync(CancellationToken cancellationToken = default) =>
        _control.RunAsync(["auth", "disable"], cancellationToken: cancellationToken);

    private static string Prefix(bool prefix) => $"--prefix={(prefix ? "true" : "false")}";
}
