using ConfigClients.Adapters;
using Microsoft.Extensions.Options;

namespace ConfigClients.Etcd;

/// <summary>Checks the options: every range, and the rules between them. Lists all faults; never repeats a user or a password.</summary>
internal sealed partial class EtcdStoreOptionsValidator : IValidateOptions<EtcdStoreOptions>
{
    private static readonly Ranges RangeRules = new();

    public ValidateOptionsResult Validate(string? name, EtcdStoreOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        result.AddResult(RangeRules.Validate(name, options));
        foreach (Uri endpoint in options.Endpoints)
        {
            if (EndpointRules.FaultOf(endpoint, "User and Password") is { } fault)
            {
                result.AddError(fault, nameof(options.Endpoints));
            }
            else if (options.User is not null && !options.AllowInsecurePassword && endpoint.Scheme == "http" && !EndpointRules.IsThisMachine(endpoint))
            {
                result.AddError(
                    $"The endpoint {endpoint.Authority} is http and not on this machine: user and password would travel in clear. Use https, or set AllowInsecurePassword.",
                    nameof(options.Endpoints));
            }
        }

        if (EndpointRules.DifferInScheme(options.Endpoints))
        {
            result.AddError("All endpoints must have the same scheme.", nameof(options.Endpoints));
        }

        CheckTexts(options, result);
        foreach ((string fault, string property) in StoreTls.FaultsOf(options.Tls))
        {
            result.AddError(fault, $"{nameof(options.Tls)}.{property}");
        }

        if (options.ConnectTimeout > options.RequestTimeout)
        {
            result.AddError(
                $"ConnectTimeout ({options.ConnectTimeout.TotalSeconds} s) must not be longer than RequestTimeout ({options.RequestTimeout.TotalSeconds} s).",
                nameof(options.ConnectTimeout));
        }

        return result.Build();
    }

    private static void CheckTexts(EtcdStoreOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.Prefix is { Length: > 0 } prefix && !ConfigKey.IsValid(prefix.StartsWith('/') ? prefix[1..] : prefix))
        {
            result.AddError("Prefix must be a key: segments separated by single slashes, no slash at the end, at most one at the start.", nameof(options.Prefix));
        }

        if (options.User is not null && (options.User.Length is 0 or > 256 || options.User.Any(char.IsControl)))
        {
            result.AddError("User must be 1 to 256 characters without control characters.", nameof(options.User));
        }

        if ((options.User is null) != (options.Password is null))
        {
            result.AddError("User and Password belong together: set both, or neither.", nameof(options.Password));
        }
    }

    [OptionsValidator]
    private sealed partial class Ranges : IValidateOptions<EtcdStoreOptions>;
}
