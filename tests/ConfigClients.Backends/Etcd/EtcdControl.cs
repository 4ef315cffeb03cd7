using System.Globalization;
using ConfigClients.Backends.Native;

namespace ConfigClients.Backends.Etcd;

/// <summary>What an operator does to a server with <c>etcdctl</c>, which is run for every call.</summary>
/// <remarks>Every method throws <see cref="InvalidOperationException"/> with the tool's words when the server refuses.</remarks>
public sealed class EtcdControl
{
    internal const string Root = "root";

    private readonly Uri _endpoint;
    private readonly EtcdControlFiles _files;
    private readonly (string Name, string Password)? _user;

    internal EtcdControl(Uri endpoint, EtcdControlFiles files, (string Name, string Password)? user)
    {
        _endpoint = endpoint;
        _files = files;
        _user = user;
    }

    /// <summary>Users, roles and what they may do.</summary>
    public EtcdUsers Users => new(this);

    /// <summary>The same tool in the hands of another user.</summary>
    public EtcdControl As(string user, string password) => new(_endpoint, _files, (user, password));

    /// <summary>Writes a key, whatever characters key and value hold; bound to a lease if one is given.</summary>
    public Task PutAsync(string key, string value, long? leaseId = null, CancellationToken cancellationToken = default)
    {
        List<string> arguments = ["put", $"--lease={Hex(leaseId ?? 0)}", "--", key];

        // A value may be too long for an argument; but of no input at all the tool makes no value.
        return RunAsync(value.Length == 0 ? [.. arguments, value] : arguments, value, cancellationToken);
    }

    /// <summary>The value of a key; null when there is none.</summary>
    public async Task<string?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        string output = await RunAsync(["get", "--print-value-only", "--", key], cancellationToken: cancellationToken);
        return output.Length == 0 ? null : output[..^1];
    }

    /// <summary>Deletes a key, or all keys that begin with it; returns how many there were.</summary>
    public async Task<int> DeleteAsync(string key, bool prefix = false, CancellationToken cancellationToken = default) =>
        int.Parse(
            await RunAsync(["del", $"--prefix={(prefix ? "true" : "false")}", "--", key], cancellationToken: cancellationToken),
            CultureInfo.InvariantCulture);

    /// <summary>Forgets the history before a revision, and returns when it is gone.</summary>
    public Task CompactAsync(long revision, CancellationToken cancellationToken = default) =>
        RunAsync(["compaction", "--physical=true", $"{revision}"], cancellationToken: cancellationToken);

    /// <summary>Gives freed space back, without which a full server stays full.</summary>
    public Task DefragmentAsync(CancellationToken cancellationToken = default) =>
        RunAsync(["defrag"], cancellationToken: cancellationToken);

    /// <summary>The alarms that are raised, for instance <c>NOSPACE</c>, as the tool prints them; empty when there is none.</summary>
    public Task<string> AlarmsAsync(CancellationToken cancellationToken = default) =>
        RunAsync(["alarm", "list"], cancellationToken: cancellationToken);

    /// <summary>Takes all alarms back.</summary>
    public Task DisarmAlarmsAsync(CancellationToken cancellationToken = default) =>
        RunAsync(["alarm", "disarm"], cancellationToken: cancellationToken);

    /// <summary>The members of the cluster, as JSON.</summary>
    public Task<string> MembersAsync(CancellationToken cancellationToken = default) =>
        RunAsync(["member", "list", "--write-out=json"], cancellationToken: cancellationToken);

    /// <summary>Version, size, leader and revision of this server, as JSON.</summary>
    public Task<string> StatusAsync(CancellationToken cancellationToken = default) =>
        RunAsync(["endpoint", "status", "--write-out=json"], cancellationToken: cancellationToken);

    /// <summary>A new lease; returns its id.</summary>
    public async Task<long> GrantLeaseAsync(TimeSpan ttl, CancellationToken cancellationToken = default)
    {
        string output = await RunAsync(["lease", "grant", $"{(long)ttl.TotalSeconds}"], cancellationToken: cancellationToken);

        // "lease 694d8257011b8f0a granted with TTL(60s)"
        return long.Parse(output.Split(' ')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>Ends a lease, whoever holds it; its keys go with it.</summary>
    public Task RevokeLeaseAsync(long leaseId, CancellationToken cancellationToken = default) =>
        RunAsync(["lease", "revoke", Hex(leaseId)], cancellationToken: cancellationToken);

    /// <summary>Has the tool contend for a lock or a lead, and hold it until it is told to let go.</summary>
    /// <param name="arguments"><c>lock NAME</c> or <c>elect NAME VALUE</c>, and flags.</param>
    /// <param name="cancellationToken">Stops the start, not the tool.</param>
    public async Task<EtcdContender> ContendAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        string tool = await NativeServers.EtcdctlAsync(cancellationToken);
        return new EtcdContender(EtcdControlProcess.Start(tool, arguments, Environment()));
    }

    /// <summary>Runs the tool with these arguments; returns what it prints.</summary>
    /// <param name="arguments">The command and its flags; server, certificate and user are added.</param>
    /// <param name="input">What the tool reads.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string input = "", CancellationToken cancellationToken = default)
    {
        string tool = await NativeServers.EtcdctlAsync(cancellationToken);
        return await EtcdControlProcess.RunAsync(tool, arguments, Environment(), input, cancellationToken);
    }

    private static string Hex(long leaseId) => leaseId.ToString("x", CultureInfo.InvariantCulture);

    private Dictionary<string, string?> Environment() => new()
    {
        ["ETCDCTL_ENDPOINTS"] = _endpoint.ToString().TrimEnd('/'),
        ["ETCDCTL_DIAL_TIMEOUT"] = "5s",
        ["ETCDCTL_COMMAND_TIMEOUT"] = "10s",
        ["ETCDCTL_CERT"] = _files.CertificateFile,
        ["ETCDCTL_KEY"] = _files.KeyFile,
        ["ETCDCTL_USER"] = _user?.Name,
        ["ETCDCTL_PASSWORD"] = _user?.Password,

        // The operator's tool, not the test's subject: any server certificate will do.
        ["ETCDCTL_INSECURE_SKIP_TLS_VERIFY"] = _files.CertificateFile is null ? null : "true",
    };
}
