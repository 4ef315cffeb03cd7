using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>Turns the JSON of a listing into entries while it arrives. One per listing; not thread-safe.</summary>
/// <remarks>
/// An entry is read when it is in the buffer as a whole. One that an earlier listing holds already is taken from there,
/// so that following a large prefix costs what changed. Values lie in shared slabs, not in an array each.
/// </remarks>
internal sealed class ConsulListing(ConsulKeys keys, string prefix, IReadOnlyList<ConfigEntry> known) : IDisposable
{
    private const int SlabBytes = 64 * 1024;

    private ConfigEntry[] _entries = ArrayPool<ConfigEntry>.Shared.Rent(Math.Max(known.Count + 16, 256));
    private Position _position;
    private int _count;
    private int _nextKnown;
    private int _reused;
    private byte[] _slab = [];
    private int _slabUsed;
    private string? _lastSession;
    private bool _isSorted = true;

    private enum Position
    {
        Start,
        AfterStart,
        BeforeEntry,
        AfterEntry,
        End,
    }

    /// <summary>Keys that are no keys of the contract, and were left out.</summary>
    public int Foreign { get; private set; }

    /// <summary>Keys outside the prefix, and were dropped.</summary>
    public int Outside { get; private set; }

    /// <summary>Reads what is whole.</summary>
    /// <param name="data">What was received and not consumed.</param>
    /// <param name="isFinal">Whether nothing follows.</param>
    /// <returns>How many bytes are done with.</returns>
    /// <exception cref="JsonException">It is not a listing.</exception>
    public int Read(ReadOnlySpan<byte> data, bool isFinal)
    {
        int done = 0;
        while (done < data.Length)
        {
            byte next = data[done];
            if (next is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                done++;
                continue;
            }

            if (next == (byte)'{' && _position is Position.BeforeEntry or Position.AfterStart)
            {
                int length = ConsulRowScanner.Read(data[done..], out ConsulRow row);
                if (length == 0)
                {
                    break;
                }

                Add(row);
                _position = Position.AfterEntry;
                done += length;
                continue;
            }

            _position = (_position, (char)next) switch
            {
                (Position.Start, '[') => Position.AfterStart,
                (Position.AfterEntry, ',') => Position.BeforeEntry,
                (Position.AfterStart or Position.AfterEntry, ']') => Position.End,
                _ => throw new JsonException("a listing is not an array of entries"),
            };
            done++;
        }

        return !isFinal || (_position == Position.End && done == data.Length) ? done : throw new JsonException("a listing ends early");
    }

    /// <summary>The entries in the order of the contract.</summary>
    public IReadOnlyList<ConfigEntry> ToEntries()
    {
        Span<ConfigEntry> entries = _entries.AsSpan(0, _count);
        if (!_isSorted)
        {
            entries.Sort(static (left, right) => ConfigKey.Compare(left.Key, right.Key));
        }

        // Nothing new: the very list that was known, so that the caller sees it at a glance.
        return _count == known.Count && _nextKnown == _count && _reused == _count ? known : entries.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_entries.Length > 0)
        {
            ArrayPool<ConfigEntry>.Shared.Return(_entries, clearArray: true);
            _entries = [];
        }
    }

    private void Add(in ConsulRow row)
    {
        if (FindKnown(row) is { } same)
        {
            _reused++;
            Append(same);
            return;
        }

        if (row.KeyIsPlain && keys.PlainKey(row.RawKey) is { } plain && ConfigKey.IsBelow(plain, prefix))
        {
            Append(new ConfigEntry(plain, Decode(row), new Revision(row.ModifyIndex), row.CreateIndex, Session(row)));
            return;
        }

        string stored = row.Key;
        if (keys.Key(stored) is not { } key)
        {
            bool isInside = stored.StartsWith(keys.Stored(""), StringComparison.Ordinal);
            Foreign += isInside ? 1 : 0;
            Outside += isInside ? 0 : 1;
            return;
        }

        if (!ConfigKey.IsBelow(key, prefix))
        {
            // The folder "app/" itself is what a foreign tool makes, not an answer to another question.
            bool isFolder = key.Length == 0 || (key.Length == prefix.Length + 1 && key[^1] == '/' && key.StartsWith(prefix, StringComparison.Ordinal));
            Foreign += isFolder ? 1 : 0;
            Outside += isFolder ? 0 : 1;
            return;
        }

        if (!ConfigKey.IsValid(key))
        {
            Foreign++;
            return;
        }

        Append(new ConfigEntry(key, Decode(row), new Revision(row.ModifyIndex), row.CreateIndex, Session(row)));
    }

    private void Append(ConfigEntry entry)
    {
        if (_count == _entries.Length)
        {
            ConfigEntry[] larger = ArrayPool<ConfigEntry>.Shared.Rent(2 * _count);
            _entries.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<ConfigEntry>.Shared.Return(_entries, clearArray: true);
            _entries = larger;
        }

        int order = _count == 0 ? 1 : ConfigKey.Compare(entry.Key, _entries[_count - 1].Key);
        _isSorted &= order > 0;
        _entries[_count++] = order != 0 ? entry : throw new JsonException("a key stands twice in a listing");
    }

    /// <summary>Looks for the same version among the known entries, which are sorted as the rows are.</summary>
    private ConfigEntry? FindKnown(in ConsulRow row)
    {
        int head = keys.Head.Length;
        if (_nextKnown >= known.Count || !row.KeyIsPlain || !row.RawKey.StartsWith(keys.Head))
        {
            return null;
        }

        ReadOnlySpan<byte> key = row.RawKey[head..];
        while (_nextKnown < known.Count)
        {
            ConfigEntry candidate = known[_nextKnown];
            int order = Compare(candidate.Key, key);
            if (order > 0)
            {
                return null;
            }

            _nextKnown++;
            if (order == 0)
            {
                return candidate.Revision.Number == row.ModifyIndex
                    && candidate.CreateRevision == row.CreateIndex
                    && (candidate.SessionId is null ? row.RawSession.IsEmpty : Ascii.Equals(row.RawSession, candidate.SessionId))
                    ? candidate
                    : null;
            }
        }

        return null;
    }

    private static int Compare(string known, ReadOnlySpan<byte> key) =>
        Ascii.Equals(key, known) ? 0 : ConfigKey.Compare(known, Encoding.UTF8.GetString(key));

    private ReadOnlyMemory<byte> Decode(in ConsulRow row)
    {
        int length = row.ValueLength;

        // Few entries are new where something is known: an array each keeps no slab alive for them.
        if (length > SlabBytes / 8 || known.Count > 0)
        {
            return row.DecodeValue();
        }

        if (_slab.Length - _slabUsed < length)
        {
            _slab = GC.AllocateUninitializedArray<byte>(Math.Min(SlabBytes, Math.Max(2 * _slab.Length, 4096)));
            _slabUsed = 0;
            if (_slab.Length < length)
            {
                _slab = GC.AllocateUninitializedArray<byte>(SlabBytes);
            }
        }

        ReadOnlyMemory<byte> value = new(_slab, _slabUsed, length);
        row.DecodeValue(_slab.AsSpan(_slabUsed, length));
        _slabUsed += length;
        return value;
    }

    private string? Session(in ConsulRow row)
    {
        if (row.RawSession.IsEmpty)
        {
            return null;
        }

        if (_lastSession is null || !Ascii.Equals(row.RawSession, _lastSession))
        {
            _lastSession = Encoding.UTF8.GetString(row.RawSession);
        }

        return _lastSession;
    }
}
