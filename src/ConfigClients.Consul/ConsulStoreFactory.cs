using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ConfigClients.Consul;

/// <summary>Makes Consul stores from options and an address.</summary>
internal sealed class ConsulStoreFactory(ConsulStoreOptions options) : IStoreFactory
{
    private const string TokenVariable = "CONSUL_HTTP_TOKEN";
    private const string SecureScheme = "consul+https";

    public IReadOnlyList<string> Schemes { get; } = ["consul", SecureScheme];

    public bool IsConfigured => options.Endpoints.Count > 0;

    public IConfigStore Create(StoreContext context)
    {
        ConsulStoreOptions effective = Resolve(context.Address, Environment.GetEnvironmentVariable(TokenVariable));
        return new ConsulStore(effective, context.Time, context.Loggers.CreateLogger("ConfigClients.Consul"));
    }

    /// <summary>What counts when options, address and environment are put together.</summary>
    /// <param name="address">The address: its hosts replace the endpoints, its prefix the option. Null for none.</param>
    /// <param name="environmentToken">The token to use where the options name none. Null for none.</param>
    /// <returns>Options that are valid.</returns>
    /// <exception cref="OptionsValidationException">They are not; all faults are listed.</exception>
    internal ConsulStoreOptions Resolve(StoreAddress? address, string? environmentToken)
    {
        ConsulStoreOptions effective = options.Copy();
        if (address is not null)
        {
            bool isSecure = address.Scheme == SecureScheme;
            effective.Endpoints.Clear();
            foreach (string host in address.Hosts)
            {
                effective.Endpoints.Add(EndpointRules.FromHost(host, isSecure, isSecure ? 8501 : 8500));
            }

            effective.Prefix = address.Path.Length > 0 ? address.Path : effective.Prefix;
        }

        effective.Token ??= string.IsNullOrWhiteSpace(environmentToken) ? null : environmentToken.Trim();
        ValidateOptionsResult result = new ConsulStoreOptionsValidator().Validate(null, effective);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(ConsulStoreOptions), result.Failures)
            : effective;
    }
}
