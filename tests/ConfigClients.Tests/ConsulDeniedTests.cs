using System.Collections.Concurrent;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;
using Microsoft.Extensions.Configuration;

namespace ConfigClients.Tests;

/// <summary>F57: what a token may not read is refused, never taken for deleted.</summary>
public sealed class ConsulDeniedTests : IAsyncLifetime
{
    private const string Rules = """key_prefix "app" { policy = "read" }""";
    private const string Narrow = """key_prefix "elsewhere" { policy = "read" }""";

    private readonly ConcurrentQueue<DistributedConfigError> _errors = new();
    private ConsulBackend? _consul;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ConsulBackend Consul => _consul ?? throw new BackendsOffException();

    [Fact]
    public async Task A_token_that_may_not_read_fails_a_required_start_as_refused()
    {
        ConsulToken token = await Consul.Acl!.CreateTokenAsync(Narrow, Cancelled);

        DistributedConfigException failure = Assert.Throws<DistributedConfigException>(() => Build(token.SecretId));

        Assert.Equal(DistributedConfigErrorKind.Refused, failure.Error.Kind);
        Assert.DoesNotContain(token.SecretId, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_narrowed_later_keeps_the_values_and_recovers_with_its_rights()
    {
        await using IConfigStore writer = Open(Consul.MasterToken!);
        await writer.SetAsync("app/a", "1", cancellationToken: Cancelled);
        ConsulPolicy policy = await Consul.Acl!.CreatePolicyAsync(Rules, Cancelled);
        ConsulToken token = await Consul.Acl.CreateTokenAsync([policy], Cancelled);
        using ConfigurationRoot root = (ConfigurationRoot)Build(token.SecretId);

        await Consul.Acl.ChangePolicyAsync(policy, Narrow, Cancelled);
        await Eventually.ReadAsync(
            async () =>
            {
                // Consul judges a waiting query anew only when it answers.
                await writer.SetAsync("app/b", "wake up", cancellationToken: Cancelled);
                return _errors.Any(error => error.Kind == DistributedConfigErrorKind.Refused);
            },
            refused => refused,
            TimeSpan.FromSeconds(30));
        await writer.SetAsync("app/a", "2", cancellationToken: Cancelled);
        Assert.Equal("1", root["a"]);
        await Consul.Acl.ChangePolicyAsync(policy, Rules, Cancelled);

        await Eventually.HoldsAsync(() => root["a"] == "2", TimeSpan.FromSeconds(40));
        Assert.DoesNotContain(_errors, error => error.Kind == DistributedConfigErrorKind.Vanished);
    }

    public async ValueTask InitializeAsync() =>
        _consul = BackendSelection.IsOff ? null : await ConsulBackend.StartAsync(new ConsulBackendOptions { AclEnabled = true });

    public ValueTask DisposeAsync() => _consul?.DisposeAsync() ?? ValueTask.CompletedTask;

    private IConfigStore Open(string token) => new ConfigStoreBuilder().UseConsul(consul =>
    {
        consul.Endpoints.Add(Consul.Endpoint);
        consul.Token = token;
    }).Build();

    private IConfigurationRoot Build(string token) => new ConfigurationBuilder().AddDistributedConfig(options =>
    {
        options.Store.UseConsul(consul =>
        {
            consul.Endpoints.Add(Consul.Endpoint);
            consul.Token = token;
        });
        options.Prefix = "app";
        options.CoalesceWindow = TimeSpan.Zero;
        options.StartupBrake = TimeSpan.FromSeconds(1);
        options.OnError = _errors.Enqueue;
    }).Build();
}
