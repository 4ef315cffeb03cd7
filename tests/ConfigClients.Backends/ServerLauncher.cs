using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Native;

namespace ConfigClients.Backends;

/// <summary>Runs a plan in whatever way the environment asks for.</summary>
internal static class ServerLauncher
{
    public static async Task<IBackend> LaunchAsync(
        ServerPlan plan, ContainerNetwork? network = null, CancellationToken cancellationToken = default)
    {
        BackendMode mode = await BackendSelection.ResolveAsync(plan.Kind, cancellationToken);
        return mode is BackendMode.Container
            ? await ContainerBackend.StartAsync(plan, network, cancellationToken)
            : await NativeBackend.StartAsync(plan, cancellationToken);
    }
}
