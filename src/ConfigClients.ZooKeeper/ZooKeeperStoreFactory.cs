using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ConfigClients.ZooKeeper;

/// <summary>Makes ZooKeeper stores from options and an address.</summary>
internal sealed class ZooKeeperStoreFactory(ZooKeeperStoreOptions options) : IStoreFactory
{
    private const string AuthVariable = "ZOOKEEPER_AUTH";
    private const string SecureScheme = "zookeeper+tls";

    public IReadOnlyList<string> Schemes { get; } = ["zookeeper", SecureScheme];

    public bool IsConfigured => options.Servers.Count > 0;

    public IConfigStore Create(StoreContext context)
    {
        ZooKeeperStoreOptions effective = Resolve(context.Address, Environment.GetEnvironmentVariable(AuthVariable));
        return new ZooKeeperStore(effective, context.Time, context.Loggers.CreateLogger("ConfigClients.ZooKeeper"));
    }

    /// <summary>What counts when options, address and environment are put together.</summary>
    /// <param name="address">The address: its hosts replace the servers, its prefix the option. Null for none.</param>
    /// <param name="environmentAuth">User and password, as <c>user:password</c>, where the options name none. Null for none.</param>
    /// <returns>Options that are valid.</returns>
    /// <exception cref="OptionsValidationException">They are not; all faults are listed.</exception>
    internal ZooKeeperStoreOptions Resolve(StoreAddress? address, string? environmentAuth)
    {
        ZooKeeperStoreOptions effective = options.Copy();
        if (address is not null)
        {
            effective.Servers = [.. address.Hosts];
            effective.UseTls = address.Scheme == SecureScheme;
            effective.Prefix = address.Path.Length > 0 ? address.Path : effective.Prefix;
        }

        if (effective.User is null && effective.Password is null && environmentAuth?.Split(':', 2) is [{ Length: > 0 } user, var password])
        {
            effective.User = user;
            effective.Password = password;
        }

        ValidateOptionsResult result = new ZooKeeperStoreOptionsValidator().Validate(null, effective);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(ZooKeeperStoreOptions), result.Failures)
            : effective;
    }
}
