using System.Buffers;
using Grpc.Core;

namespace ConfigClients.Etcd.Wire;

/// <summary>One page of a listing: read into entries as it came, without a message for each of them in between.</summary>
internal sealed class EtcdPage
{
    /// <summary>Most rows of one page. Small values: one page is all there is.</summary>
    public const int MaxRows = 16_384;

    /// <summary>What a row takes beside its name and its value, about.</summary>
    private const int BytesPerRow = 128;

    private EtcdPage()
    {
    }

    /// <summary>The entries, in the order they came.</summary>
    public List<ConfigEntry> Entries { get; } = [];

    /// <summary>How many names were none of this store's.</summary>
    public int Foreign { get; private set; }

    /// <summary>About how much memory the rows take.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many rows there were.</summary>
    public int Rows => Entries.Count + Foreign;

    /// <summary>The first name in etcd; empty without rows.</summary>
    public byte[] First { get; private set; } = [];

    /// <summary>The last one.</summary>
    public byte[] Last { get; private set; } = [];

    /// <summary>Whether each name came behind the one before.</summary>
    public bool IsSorted { get; private set; } = true;

    /// <summary>The revision of the store; 0 if the answer does not say.</summary>
    public long Revision { get; private set; }

    /// <summary>How many rows there are on all pages.</summary>
    public long Count { get; private set; }

    /// <summary>Whether there is another page.</summary>
    public bool More { get; private set; }

    /// <summary>How the page is read from an answer.</summary>
    public static Marshaller<EtcdPage> Marshaller(EtcdKeys keys) => new(
        static (_, _) => throw new NotSupportedException(),
        context => context.PayloadAsReadOnlySequence() is var payload && payload.IsSingleSegment ? Read(payload.FirstSpan, keys) : Read(payload.ToArray(), keys));

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is none, or holds more rows than any page that was asked for.</exception>
    /// <exception cref="StoreException"><see cref="StoreError.ProtocolViolation"/>: a row that etcd cannot have written.</exception>
    public static EtcdPage Read(ReadOnlySpan<byte> answer, EtcdKeys keys)
    {
        EtcdPage page = new();
        ReadOnlySpan<byte> last = default;
        EtcdFields fields = new(answer);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    page.Revision = RevisionOf(fields.Bytes);
                    break;
                case 2:
                    if (page.Rows == 0)
                    {
                        // Rows are much alike: about so many of them.
                        page.Entries.Capacity = Math.Min(MaxRows, (answer.Length / Math.Max(1, fields.Bytes.Length)) + 1);
                    }

                    last = page.Add(fields.Bytes, last, keys);
                    break;
                case 3:
                    page.More = fields.Integer != 0;
                    break;
                case 4:
                    page.Count = fields.Integer;
                    break;
            }
        }

        page.Last = last.ToArray();
        return page;
    }

    private ReadOnlySpan<byte> Add(ReadOnlySpan<byte> message, ReadOnlySpan<byte> last, EtcdKeys keys)
    {
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> value = default;
        long created = 0;
        long modified = 0;
        long lease = 0;
        EtcdFields fields = new(message);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    name = fields.Bytes;
                    break;
                case 2:
                    created = fields.Integer;
                    break;
                case 3:
                    modified = fields.Integer;
                    break;
                case 5:
                    value = fields.Bytes;
                    break;
                case 6:
                    lease = fields.Integer;
                    break;
            }
        }

        if (Rows == 0)
        {
            First = name.ToArray();
        }
        else if (Rows == MaxRows)
        {
            throw new InvalidDataException("The page holds more rows than any that was asked for.");
        }
        else
        {
            IsSorted &= last.SequenceCompareTo(name) < 0;
        }

        Bytes += name.Length + value.Length + BytesPerRow;
        if (keys.Key(name) is { } key)
        {
            Entries.Add(EtcdRow.Entry(key, value.ToArray(), modified, created, lease));
        }
        else
        {
            Foreign++;
        }

        return name;
    }

    private static long RevisionOf(ReadOnlySpan<byte> header)
    {
        EtcdFields fields = new(header);
        long revision = 0;
        while (fields.Next())
        {
            revision = fields.Number == 3 ? fields.Integer : revision;
        }

        return revision;
    }
}
