using Microsoft.Extensions.Configuration;

namespace ConfigClients.Configuration;

/// <summary>Shows the settings of a connection to Microsoft's configuration. Holds none itself.</summary>
/// <remarks>
/// What is set through <see cref="IConfiguration"/> is not written to the store and does not hide what the store says:
/// write through <see cref="IConfigStore"/>.
/// </remarks>
internal sealed class DistributedConfigProvider : ConfigurationProvider, IDisposable
{
    private readonly DistributedConfigSource _source;
    private readonly ConfigConnection _connection;
    private int _disposed;

    public DistributedConfigProvider(DistributedConfigSource source)
    {
        _source = source;
        _connection = source.Acquire();
        _connection.Sync.Changed += OnReload;
    }

    /// <summary>The source it was built from.</summary>
    public DistributedConfigSource Source => _source;

    /// <summary>Loads the first time; after that the connection keeps itself up to date, and this returns at once.</summary>
    /// <remarks>The interface is synchronous. The work runs on other threads and needs no context of this one, so waiting cannot deadlock.</remarks>
    public override void Load()
    {
        try
        {
            Task.Run(_connection.StartAsync).GetAwaiter().GetResult();
        }
        catch
        {
            // Who fails to load does not get to keep the provider, so nobody else would dispose it.
            Dispose();
            throw;
        }
    }

    public override bool TryGet(string key, out string? value) => _connection.Sync.Image.TryGet(key, out value);

    public override void Set(string key, string? value)
    {
    }

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        List<string> keys = [.. _connection.Sync.Image.ChildrenOf(parentPath), .. earlierKeys];
        keys.Sort(ConfigurationKeyComparer.Instance.Compare);
        return keys;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _connection.Sync.Changed -= OnReload;

            // Asked on this thread, because it may be inside a change callback; nothing in there needs a context, so waiting cannot deadlock.
            _source.Release().AsTask().GetAwaiter().GetResult();
        }
    }

    public override string ToString() => $"{nameof(DistributedConfigProvider)} ({_connection.Store.Kind})";
}
