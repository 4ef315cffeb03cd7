using ConfigClients.Adapters;
using Microsoft.Extensions.Options;

namespace ConfigClients.Consul;

/// <summary>Checks the options: every range, and the rules between them. Lists all faults; never repeats a token, a user or a password.</summary>
internal sealed partial class ConsulStoreOptionsValidator : IValidateOptions<ConsulStoreOptions>
{
    private static readonly Ranges RangeRules = new();

    public ValidateOptionsResult Validate(string? name, ConsulStoreOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        result.AddResult(RangeRules.Validate(name, options));
        foreach (Uri endpoint in options.Endpoints)
        {
            if (EndpointRules.FaultOf(endpoint, nameof(options.Token)) is { } fault)
            {
                result.AddError(fault, nameof(options.Endpoints));
            }
            else if (options.Token is not null && !options.AllowInsecureToken && endpoint.Scheme == "http" && !EndpointRules.IsThisMachine(endpoint))
            {
                result.AddError(
                    $"The endpoint {endpoint.Authority} is http and not on this machine: the token would travel in clear. Use https, or set AllowInsecureToken.",
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

    private static void CheckTexts(ConsulStoreOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.Prefix is { Length: > 0 } && !ConfigKey.IsValid(options.Prefix))
        {
            result.AddError("Prefix must be a key: segments separated by single slashes, no slash at the ends.", nameof(options.Prefix));
        }

        if (options.Token is not null && (options.Token.Length is 0 or > 512 || options.Token.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            result.AddError("Token must be 1 to 512 printable ASCII characters without spaces.", nameof(options.Token));
        }

        foreach ((string? value, string property) in new[]
        {
            (options.Datacenter, nameof(options.Datacenter)), (options.Namespace, nameof(options.Namespace)), (options.Partition, nameof(options.Partition)),
        })
        {
            if (value is not null && (value.Length is 0 or > 128 || value.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))))
            {
                result.AddError($"{property} must be 1 to 128 letters, digits, '-', '_' or '.'.", property);
            }
        }
    }

    [OptionsValidator]
    private sealed partial class Ranges : IValidateOptions<ConsulStoreOptions>;
}
