using ConfigClients.Adapters;
using ConfigClients.ZooKeeper.Wire;
using Microsoft.Extensions.Options;

namespace ConfigClients.ZooKeeper;

/// <summary>Checks the options: every range, and the rules between them. Lists all faults; never repeats a user or a password.</summary>
internal sealed partial class ZooKeeperStoreOptionsValidator : IValidateOptions<ZooKeeperStoreOptions>
{
    private static readonly Ranges RangeRules = new();

    public ValidateOptionsResult Validate(string? name, ZooKeeperStoreOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        result.AddResult(RangeRules.Validate(name, options));
        foreach (string server in options.Servers)
        {
            ZooKeeperServer? parsed = TryParse(server);
            if (parsed is null)
            {
                result.AddError("A server must be a host, or a host and a port from 1 to 65535: \"zk-1\", \"zk-1:2181\", \"[::1]:2181\".", nameof(options.Servers));
            }
            else if (options is { User: not null, UseTls: false, AllowInsecurePassword: false } && !parsed.IsLoopback)
            {
                result.AddError(
                    "A server is not on this machine and is reached without TLS: user and password would travel in clear. Set UseTls, or AllowInsecurePassword.",
                    nameof(options.Servers));
            }
        }

        CheckTexts(options, result);
        foreach ((string fault, string property) in options.UseTls ? StoreTls.FaultsOf(options.Tls) : [])
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

    private static void CheckTexts(ZooKeeperStoreOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.Prefix is { Length: > 0 } && !ConfigKey.IsValid(options.Prefix))
        {
            result.AddError("Prefix must be a key: segments separated by single slashes, no slash at the ends.", nameof(options.Prefix));
        }

        if (options.User is not null && (options.User.Length is 0 or > 256 || options.User.Contains(':', StringComparison.Ordinal) || options.User.Any(char.IsControl)))
        {
            result.AddError("User must be 1 to 256 characters without colons and control characters.", nameof(options.User));
        }

        if ((options.User is null) != (options.Password is null))
        {
            result.AddError("User and Password belong together: set both, or neither.", nameof(options.Password));
        }

        if (options.Acl is { Count: 0 })
        {
            result.AddError("Acl must hold at least one entry; null for the default.", nameof(options.Acl));
        }
    }

    private static ZooKeeperServer? TryParse(string server)
    {
        try
        {
            return ZooKeeperServer.Parse(server);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [OptionsValidator]
    private sealed partial class Ranges : IValidateOptions<ZooKeeperStoreOptions>;
}
