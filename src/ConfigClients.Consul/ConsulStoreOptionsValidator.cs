using System.Net;
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
            if (EndpointFault(endpoint) is { } fault)
            {
                result.AddError(fault, nameof(options.Endpoints));
            }
            else if (options.Token is not null && !options.AllowInsecureToken && endpoint.Scheme == "http" && !IsThisMachine(endpoint))
            {
                result.AddError(
                    $"The endpoint {endpoint.Authority} is http and not on this machine: the token would travel in clear. Use https, or set AllowInsecureToken.",
                    nameof(options.Endpoints));
            }
        }

        if (options.Endpoints.Select(static endpoint => endpoint is { IsAbsoluteUri: true } ? endpoint.Scheme : "").Distinct(StringComparer.Ordinal).Count() > 1)
        {
            result.AddError("All endpoints must have the same scheme.", nameof(options.Endpoints));
        }

        CheckTexts(options, result);
        CheckCertificates(options, result);
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

    private static void CheckCertificates(ConsulStoreOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.CaCertificates is not null && options.CaFile is not null)
        {
            result.AddError("CaCertificates and CaFile exclude each other.", nameof(options.CaFile));
        }

        if (options.ClientCertificate is not null && options.ClientCertificateFile is not null)
        {
            result.AddError("ClientCertificate and ClientCertificateFile exclude each other.", nameof(options.ClientCertificateFile));
        }

        if (options.ClientKeyFile is not null && options.ClientCertificateFile is null)
        {
            result.AddError("ClientKeyFile needs ClientCertificateFile.", nameof(options.ClientKeyFile));
        }

        if (options.ClientCertificate is { HasPrivateKey: false })
        {
            result.AddError("ClientCertificate has no private key.", nameof(options.ClientCertificate));
        }

        foreach ((string? path, string property) in new[]
        {
            (options.CaFile, nameof(options.CaFile)), (options.ClientCertificateFile, nameof(options.ClientCertificateFile)), (options.ClientKeyFile, nameof(options.ClientKeyFile)),
        })
        {
            if (path is not null && !File.Exists(path))
            {
                result.AddError($"{property} names a file that does not exist.", property);
            }
        }
    }

    private static string? EndpointFault(Uri? endpoint) =>
        endpoint is not { IsAbsoluteUri: true } || endpoint.Scheme is not ("http" or "https")
            ? "An endpoint must be an absolute http or https address."
        : endpoint.UserInfo.Length > 0
            ? "An endpoint must not hold a user or password; use Token."
        : endpoint.Host.Length == 0 || endpoint.Port is < 1 or > 65535
            ? "An endpoint must name a host, and a port from 1 to 65535."
        : endpoint.AbsolutePath != "/" || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0
            ? $"The endpoint {endpoint.Authority} must be host and port only, without path, query or fragment. Keys are placed by Prefix."
        : null;

    private static bool IsThisMachine(Uri endpoint) =>
        endpoint.IsLoopback || (IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    [OptionsValidator]
    private sealed partial class Ranges : IValidateOptions<ConsulStoreOptions>;
}
