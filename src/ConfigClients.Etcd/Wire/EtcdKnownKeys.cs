namespace ConfigClients.Etcd.Wire;

/// <summary>Some of the keys that this store has set, and are probably still there: only a guess, in a fixed space. Thread-safe.</summary>
internal sealed class EtcdKnownKeys
{
    private readonly string?[] _keys = new string?[1024];

    /// <summary>Whether the key is probably there.</summary>
    public bool Has(string key) => Volatile.Read(ref Place(key)) == key;

    /// <summary>The key is there. Another one may be forgotten for it.</summary>
    public void Add(string key) => Volatile.Write(ref Place(key), key);

    /// <summary>The key is not there any more.</summary>
    public void Remove(string key) => Interlocked.CompareExchange(ref Place(key), null, key);

    private ref string? Place(string key) => ref _keys[(uint)key.GetHashCode(StringComparison.Ordinal) % (uint)_keys.Length];
}
