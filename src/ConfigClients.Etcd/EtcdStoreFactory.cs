using ConfigClients.Adapters;
using Microsoft.Extensions.Options;

namespace ConfigClients.Etcd;

/// <summary>Makes etcd stores from options and an address.</summary>
internal sealed class EtcdStoreFactory(EtcdStoreOptions options) : IStoreFactory
{
    private const string UserVariable = "ETCDCTL_USER";
    private const string PasswordVariable = "ETCDCTL_PASSWORD";
    private const string SecureScheme = "etcd+https";
    private const int DefaultPort = 2379;

    public IReadOnlyList<string> Schemes { get; } = ["etcd", SecureScheme];

    public bool IsConfigured => options.Endpoints.Count > 0;

    public IConfigStore Create(StoreContext context)
    {
        EtcdStoreOptions effective = Resolve(
            context.Address, Environment.GetEnvironmentVariable(UserVariable), Environment.GetEnvironmentVariable(PasswordVariable));
        return new EtcdStore(effective, context.Time, context.Loggers.CreateLogger("ConfigClients.Etcd"));
    }

    /// <summary>What counts when options, address and environment are put together.</summary>
    /// <param name="address">The address: its hosts replace the endpoints, its prefix the option. Null for none.</param>
    /// <param name="environmentUser">The user where the options name none, with or without <c>:password</c>. Null for none.</param>
    /// <param name="environmentPassword">The password where the options name none. Null for none.</param>
    /// <returns>Options that are valid.</returns>
    /// <exception cref="OptionsValidationException">They are not; all faults are listed.</exception>
    internal EtcdStoreOptions Resolve(StoreAddress? address, string? environmentUser, string? environmentPassword)
    {
        EtcdStoreOptions effective = options.Copy();
        if (address is not null)
        {
            effective.Endpoints.Clear();
            foreach (string host in address.Hosts)
            {
                effective.Endpoints.Add(EndpointRules.FromHost(host, address.Scheme == SecureScheme, DefaultPort));
            }

            effective.Prefix = address.Path.Length > 0 ? address.Path : effective.Prefix;
        }

        TakeUser(effective, environmentUser, environmentPassword);
        ValidateOptionsResult result = new EtcdStoreOptionsValidator().Validate(null, effective);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(EtcdStoreOptions), result.Failures)
            : effective;
    }

    private static void TakeUser(EtcdStoreOptions effective, string? environmentUser, string? environmentPassword)
    {
        environmentPassword = string.IsNullOrEmpty(environmentPassword) ? null : environmentPassword;

        // As etcdctl reads them; a user of the options may leave the password to the environment.
        if (effective.User is null && effective.Password is null && !string.IsNullOrWhiteSpace(environmentUser))
        {
            string[] parts = environmentUser.Split(':', 2);
            effective.User = parts[0];
            effective.Password = parts.Length == 2 ? parts[1] : environmentPassword;
        }
        else if (effective.User is not null)
        {
            effective.Password ??= environmentPassword;
        }
    }
}
