using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ConfigClients;

/// <summary>Conveniences over the five verbs. They add no promises: each says which calls it makes.</summary>
public static class ConfigStoreExtensions
{
    /// <summary>Reads a value as text: one <see cref="IConfigStore.GetValueAsync"/>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The text, or null if the key does not exist.</returns>
    /// <exception cref="DecoderFallbackException">The value is not UTF-8.</exception>
    public static async ValueTask<string?> GetStringAsync(this IConfigStore store, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ReadOnlyMemory<byte>? value = await store.GetValueAsync(key, cancellationToken).ConfigureAwait(false);
        return value is { } bytes ? new ConfigEntry(key, bytes, default, 0).GetString() : null;
    }

    /// <summary>Writes a text as UTF-8: one <see cref="IConfigStore.SetAsync"/>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The text.</param>
    /// <param name="condition">What must hold for the write to be applied. Default: nothing.</param>
    /// <param name="session">Binds the key's lifetime to a session. Default: none.</param>
    /// <param name="cancellationToken">Stops waiting; the write may still have been applied.</param>
    /// <returns>Whether the write was applied.</returns>
    public static ValueTask<WriteResult> SetAsync(
        this IConfigStore store, string key, string value, Condition condition = default, IStoreSession? session = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(value);
        return store.SetAsync(key, Encoding.UTF8.GetBytes(value), condition, session, cancellationToken);
    }

    /// <summary>Reads a JSON value: one <see cref="IConfigStore.GetValueAsync"/>.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="typeInfo">How to read it, from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The value, or the default of <typeparamref name="T"/> if the key does not exist.</returns>
    /// <exception cref="JsonException">The value is not such a JSON document; the message names line and position.</exception>
    public static async ValueTask<T?> GetJsonAsync<T>(
        this IConfigStore store, string key, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(typeInfo);
        ReadOnlyMemory<byte>? value = await store.GetValueAsync(key, cancellationToken).ConfigureAwait(false);
        return value is { } bytes ? JsonSerializer.Deserialize(bytes.Span, typeInfo) : default;
    }

    /// <summary>Writes a value as JSON: one <see cref="IConfigStore.SetAsync"/>.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="typeInfo">How to write it, from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="condition">What must hold for the write to be applied. Default: nothing.</param>
    /// <param name="cancellationToken">Stops waiting; the write may still have been applied.</param>
    /// <returns>Whether the write was applied.</returns>
    public static ValueTask<WriteResult> SetJsonAsync<T>(
        this IConfigStore store, string key, T value, JsonTypeInfo<T> typeInfo, Condition condition = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(typeInfo);
        return store.SetAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), condition, null, cancellationToken);
    }

    /// <summary>Names what lies one level below a prefix: one <see cref="IConfigStore.ListAsync"/>, so its cost is that of the whole prefix.</summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">The prefix; empty for the top level.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The full keys of the children, each once, sorted; a child may be a value, a parent, or both.</returns>
    public static async ValueTask<IReadOnlyList<string>> ListChildrenAsync(
        this IConfigStore store, string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ConfigSnapshot snapshot = await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false);
        int start = prefix.Length == 0 ? 0 : prefix.Length + 1;
        SortedSet<string> children = new(Comparer<string>.Create(ConfigKey.Compare));
        foreach (ConfigEntry entry in snapshot.Entries)
        {
            int end = entry.Key.IndexOf('/', start);
            children.Add(end < 0 ? entry.Key : entry.Key[..end]);
        }

        return [.. children];
    }

    /// <summary>
    /// Deletes everything below a prefix that a listing shows, by one <see cref="IConfigStore.ListAsync"/> and one commit per 60 keys.
    /// Not atomic beyond one commit; keys created meanwhile stay.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">The prefix. Not empty: a whole store is not deleted by one word.</param>
    /// <param name="cancellationToken">Stops; what was deleted stays deleted.</param>
    /// <returns>How many keys were deleted.</returns>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.CommitAsync"/>; some keys may have been deleted.</exception>
    public static async ValueTask<int> DeletePrefixAsync(this IConfigStore store, string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ConfigKey.Check(prefix);
        ConfigSnapshot snapshot = await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false);
        foreach (ConfigEntry[] chunk in snapshot.Entries.Chunk(store.Limits.MaxTransactionOperations))
        {
            Transaction transaction = new();
            foreach (ConfigEntry entry in chunk)
            {
                transaction.Delete(entry.Key);
            }

            await store.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
        }

        return snapshot.Entries.Count;
    }

    /// <summary>Reads, changes and writes one key until nobody interferes: one get and one conditional set per round.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="change">Makes the new bytes from the current entry, null if there is none. Called once per round; returning null leaves the key as it is.</param>
    /// <param name="maxRounds">How many rounds to try. 1 to 1000; default 16.</param>
    /// <param name="cancellationToken">Stops; the write of the current round may still have been applied.</param>
    /// <returns>Whether a write was applied: false after <paramref name="maxRounds"/> conflicts, or if <paramref name="change"/> returned null.</returns>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.SetAsync"/>; a write whose outcome is unknown is not repeated.</exception>
    public static async ValueTask<WriteResult> UpdateAsync(
        this IConfigStore store, string key, Func<ConfigEntry?, ReadOnlyMemory<byte>?> change, int maxRounds = 16, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRounds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxRounds, 1000);
        for (int round = 0; round < maxRounds; round++)
        {
            if (round > 2)
            {
                // Contended: spread the writers out.
                await Task.Delay(Random.Shared.Next(1, 5 * round), cancellationToken).ConfigureAwait(false);
            }

            ConfigEntry? current = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
            if (change(current) is not { } value)
            {
                break;
            }

            Condition unchanged = current is null ? Condition.Absent : Condition.UnchangedSince(current.Revision);
            WriteResult result = await store.SetAsync(key, value, unchanged, null, cancellationToken).ConfigureAwait(false);
            if (result.Applied)
            {
                return result;
            }
        }

        return WriteResult.Refused(key);
    }
}
