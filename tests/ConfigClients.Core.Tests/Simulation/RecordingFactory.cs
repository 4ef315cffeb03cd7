using ConfigClients.Adapters;

namespace ConfigClients.Core.Tests.Simulation;

/// <summary>Makes the store it was given, and keeps the context.</summary>
internal sealed class RecordingFactory(bool isConfigured, params string[] schemes) : IStoreFactory
{
    public IReadOnlyList<string> Schemes => schemes;

    public bool IsConfigured => isConfigured;

    public RecordingStore Store { get; } = new();

    public StoreContext? Context { get; private set; }

    public IConfigStore Create(StoreContext context)
    {
        Context = context;
        return Store;
    }
}
