using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using ConfigClients.Adapters;

namespace ConfigClients.Tests;

/// <summary>A store whose watch says exactly what a test has it say.</summary>
public sealed class FakeStore : IConfigStore, IStoreFactory
{
    private readonly List<WatchBatch> _said = [];
    private readonly List<Channel<WatchBatch>> _watches = [];
    private readonly Dictionary<string, ConfigEntry> _entries = new(StringComparer.Ordinal);
    private long _revision;

    public IReadOnlyList<string> Schemes => ["fake"];

    public bool IsConfigured => true;

    public string Kind => "fake";

    public StoreLimits Limits { get; } = new();

    /// <summary>How many times everything was listed.</summary>
    public int Lists { get; private set; }

    /// <summary>What the next listings throw.</summary>
    public Exception? ListFault { get; set; }

    /// <summary>What watches throw from now on.</summary>
    public Exception? WatchFault { get; private set; }

    public IConfigStore Create(StoreContext context) => this;

    /// <summary>Writes keys without telling the watch. A null value deletes.</summary>
    public IReadOnlyList<ConfigChange> Write(params (string Key, string? Value)[] writes) =>
        WriteBytes([.. writes.Select(write => (write.Key, write.Value is null ? null : Encoding.UTF8.GetBytes(write.Value)))]);

    /// <inheritdoc cref="Write"/>
    public IReadOnlyList<ConfigChange> WriteBytes(params (string Key, byte[]? Value)[] writes)
    {
        List<ConfigChange> changes = [];
        _revision++;
        foreach ((string key, byte[]? value) in writes)
        {
            ConfigEntry? entry = value is null ? null : new ConfigEntry(key, value, new Revision(_revision), _revision);
            if (entry is null)
            {
                _entries.Remove(key);
            }
            else
            {
                _entries[key] = entry;
            }

            changes.Add(new ConfigChange(key, entry));
        }

        return changes;
    }

    /// <summary>Writes keys and has the watch say so.</summary>
    public void Push(params (string Key, string? Value)[] writes) => Say(WatchBatch.FromChanges(Write(writes), _revision));

    /// <summary>Has the watch say something.</summary>
    public void Say(WatchBatch batch)
    {
        lock (_said)
        {
            _said.Add(batch);
            _watches.ForEach(watch => watch.Writer.TryWrite(batch));
        }
    }

    /// <summary>Ends all watches with an exception, and new ones, too; null has new ones work again, from a snapshot.</summary>
    public void Break(Exception? fault)
    {
        lock (_said)
        {
            WatchFault = fault;
            _said.Clear();
            _said.Add(WatchBatch.FromSnapshot(Snapshot(""), [], null));
            _watches.ForEach(watch => watch.Writer.TryComplete(fault));
            _watches.Clear();
        }
    }

    /// <summary>The store comes back from a backup at a lower revision; only a watch that starts anew sees it.</summary>
    public void Restore(params (string Key, string? Value)[] content)
    {
        lock (_said)
        {
            _entries.Clear();
            _revision = 0;
            Write(content);
            _said.Clear();
            _said.Add(WatchBatch.FromSnapshot(Snapshot(""), [], null));
        }
    }

    /// <summary>Has the watch deliver everything anew.</summary>
    public void SaySnapshot() => Say(WatchBatch.FromSnapshot(Snapshot(""), [], null));

    public ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        Lists++;
        return ListFault is null ? ValueTask.FromResult(Snapshot(prefix)) : throw ListFault;
    }

    public async IAsyncEnumerable<WatchBatch> WatchAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Channel<WatchBatch> mine = Channel.CreateUnbounded<WatchBatch>();
        lock (_said)
        {
            if (WatchFault is not null)
            {
                throw WatchFault;
            }

            _said.ForEach(batch => mine.Writer.TryWrite(batch));
            _watches.Add(mine);
        }

        await foreach (WatchBatch batch in mine.Reader.ReadAllAsync(cancellationToken))
        {
            yield return batch;
        }
    }

    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<WriteResult> DeleteAsync(string key, Condition condition = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<WriteResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IStoreSession> OpenSessionAsync(StoreSessionOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ConfigSnapshot Snapshot(string prefix) => new(
        prefix, [.. _entries.Values.Where(entry => ConfigKey.IsBelow(entry.Key, prefix)).OrderBy(entry => entry.Key, StringComparer.Ordinal)], _revision);
}
