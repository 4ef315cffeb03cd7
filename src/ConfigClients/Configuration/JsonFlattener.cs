using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ConfigClients.Configuration;

/// <summary>Makes settings of a JSON document as Microsoft's JSON provider does, but refuses what that one lets through silently.</summary>
/// <remarks>
/// Alike: comments and trailing commas, <c>True</c> and <c>False</c>, numbers as written, null for null and <c>{}</c>, empty for <c>[]</c>.
/// Refused besides: names that differ only by case, more than 100,000 settings. Faults carry line and column and never the text:
/// the parser's own messages quote it, so they do not go further than here.
/// </remarks>
internal static class JsonFlattener
{
    public const int MaxDepth = 64;

    public const int MaxKeys = 100_000;

    private static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = MaxDepth,
    };

    /// <summary>Flattens a document.</summary>
    /// <param name="json">UTF-8 without byte order mark.</param>
    /// <param name="path">The section it goes to, or null for the top.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="DocumentFormatException">It is not such a document.</exception>
    public static Dictionary<string, string?> Flatten(ReadOnlySpan<byte> json, string? path)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        Utf8JsonReader reader = new(json, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw At(json, reader.TokenStartIndex, "a JSON object is expected");
            }

            ReadObject(ref reader, json, path, isRoot: true, settings);
            reader.Read();
            return settings;
        }
        catch (JsonException e)
        {
            string what = reader.CurrentDepth >= MaxDepth ? $"not valid JSON, or nested deeper than {MaxDepth}" : "not valid JSON";
            throw new DocumentFormatException(what, e.LineNumber + 1, e.BytePositionInLine + 1);
        }
        catch (InvalidOperationException)
        {
            throw At(json, reader.TokenStartIndex, "a text that is not Unicode");
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string? path, bool isRoot, Dictionary<string, string?> settings)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw At(json, reader.TokenStartIndex, "a property name that is there already (case does not count)");
            }

            reader.Read();
            ReadValue(ref reader, json, path is null ? name : $"{path}:{name}", settings);
        }

        if (names.Count == 0 && !isRoot)
        {
            Add(ref reader, json, path!, null, settings);
        }
    }

    private static void ReadArray(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, Dictionary<string, string?> settings)
    {
        int index = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadValue(ref reader, json, string.Create(CultureInfo.InvariantCulture, $"{path}:{index++}"), settings);
        }

        if (index == 0)
        {
            Add(ref reader, json, path, "", settings);
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, Dictionary<string, string?> settings)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, json, path, isRoot: false, settings);
                break;
            case JsonTokenType.StartArray:
                ReadArray(ref reader, json, path, settings);
                break;
            case JsonTokenType.String:
                Add(ref reader, json, path, reader.GetString(), settings);
                break;
            case JsonTokenType.Number:
                Add(ref reader, json, path, Encoding.UTF8.GetString(reader.ValueSpan), settings);
                break;
            case JsonTokenType.Null:
                Add(ref reader, json, path, null, settings);
                break;
            default:
                Add(ref reader, json, path, reader.TokenType == JsonTokenType.True ? bool.TrueString : bool.FalseString, settings);
                break;
        }
    }

    private static void Add(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, string? value, Dictionary<string, string?> settings)
    {
        if (!settings.TryAdd(path, value))
        {
            throw At(json, reader.TokenStartIndex, "a setting that is there already under another spelling");
        }

        if (settings.Count > MaxKeys)
        {
            throw At(json, reader.TokenStartIndex, $"more than {MaxKeys} settings");
        }
    }

    private static DocumentFormatException At(ReadOnlySpan<byte> json, long offset, string message)
    {
        ReadOnlySpan<byte> before = json[..(int)offset];
        return new DocumentFormatException(message, before.Count((byte)'\n') + 1, offset - before.LastIndexOf((byte)'\n'));
    }
}
