using System.Text.Json;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;

namespace ConfigClients.Backends.Containers;

/// <summary>A server in a container whose client port is published under the same number.</summary>
/// <remarks>A fixed number, because an engine picks a new one at every start where it may choose.</remarks>
internal sealed class ContainerBackend : IBackend
{
    private static readonly ServerPlace Place = new("/backend", "0.0.0.0");

    private readonly ServerPlan _plan;
    private readonly IContainer _container;

    private ContainerBackend(ServerPlan plan, IContainer container)
    {
        _plan = plan;
        _container = container;
        Host = container.Hostname;
        Endpoint = new($"{plan.Scheme}://{Host}:{Port}");
    }

    public string Flavor => "container";

    public string Host { get; }

    public int Port => _plan.ClientPort;

    public Uri Endpoint { get; }

    public static async Task<ContainerBackend> StartAsync(ServerPlan plan, ContainerNetwork? network, CancellationToken cancellationToken)
    {
        ContainerGuard.EnsureStarted();
        ServerImage image = await ServerImage.FindAsync(plan.Kind, cancellationToken)
            ?? throw new InvalidOperationException($"The image of {plan.Kind} has gone.");

        IContainer container = Build(plan, image, network);
        try
        {
            await container.StartAsync(cancellationToken);
            ContainerBackend backend = new(plan, container);
            await backend.WaitUntilReadyAsync(cancellationToken);
            return backend;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    public Task PauseAsync() => OrderAsync("pause");

    public Task ResumeAsync() => OrderAsync("unpause");

    public Task KillAsync() => EndAsync("kill");

    public Task StopAsync() => EndAsync("stop?t=10");

    public async Task RestartAsync()
    {
        await KillAsync();
        await OrderAsync("start");
        await WaitUntilReadyAsync(CancellationToken.None);
    }

    public async Task<string> LogsAsync()
    {
        (string output, string errors) = await _container.GetLogsAsync();
        return output + errors;
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    private static IContainer Build(ServerPlan plan, ServerImage image, ContainerNetwork? network)
    {
        ContainerBuilder builder = new ContainerBuilder(image.Name)
            .WithImagePullPolicy(PullPolicy.Never)
            .WithEntrypoint([.. image.Command])
            .WithCommand([.. plan.Arguments(Place)])
            .WithEnvironment(plan.Environment)
            .WithPortBinding(plan.ClientPort, plan.ClientPort)
            .WithCreateParameterModifier(parameters =>
            {
                // Published for this machine only, like a native server.
                foreach (var binding in parameters.HostConfig?.PortBindings.Values.SelectMany(bindings => bindings) ?? [])
                {
                    binding.HostIP = "127.0.0.1";
                }
            });

        foreach (int port in plan.FurtherPorts)
        {
            builder = builder.WithPortBinding(port, port);
        }

        if (network is not null && plan.NodeName is not null)
        {
            builder = builder.WithNetwork(network.Network).WithNetworkAliases(plan.NodeName);
        }

        foreach ((string name, byte[] content) in plan.Files(Place))
        {
            builder = builder.WithResourceMapping(content, $"{Place.Folder}/{name}");
        }

        return builder.Build();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        bool ready = await Readiness.WaitAsync(
            token => _plan.IsReadyAsync(Host, token), async token => !await IsRunningAsync(token), cancellationToken);
        if (!ready)
        {
            throw new InvalidOperationException($"{_plan.Kind} did not become ready. Its log:\n{await LogsAsync()}");
        }
    }

    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken) =>
        await EngineClient.GetAsync($"/containers/{_container.Id}/json", cancellationToken) is JsonElement answer
        && answer.GetProperty("State").GetProperty("Running").GetBoolean();

    /// <summary>Ends the container; one that has ended already is fine, and a paused one is resumed by the engine.</summary>
    private async Task EndAsync(string order)
    {
        if (await IsRunningAsync(CancellationToken.None))
        {
            await OrderAsync(order);
            await OrderAsync("wait");
        }
    }

    private Task OrderAsync(string order) => EngineClient.PostAsync($"/containers/{_container.Id}/{order}");
}
