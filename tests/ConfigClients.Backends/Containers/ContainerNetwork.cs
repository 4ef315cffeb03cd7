using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;

namespace ConfigClients.Backends.Containers;

/// <summary>A network on which the servers of one cluster find each other by name.</summary>
internal sealed class ContainerNetwork : IAsyncDisposable
{
    private ContainerNetwork(INetwork network) => Network = network;

    public INetwork Network { get; }

    public static async Task<ContainerNetwork> CreateAsync(CancellationToken cancellationToken)
    {
        ContainerGuard.EnsureStarted();
        INetwork network = new NetworkBuilder().Build();
        await network.CreateAsync(cancellationToken);
        return new(network);
    }

    public ValueTask DisposeAsync() => Network.DisposeAsync();
}
