using System.Text;
using System.Text.Unicode;

namespace ConfigClients.Configuration;

/// <summary>Makes settings of one entry of the store. Pure.</summary>
internal static class EntryReader
{
    private const string Extension = ".json";

    /// <summary>A document of this name, or with no name at all, goes to the section it lies in instead of one of its own.</summary>
    private const string RootDocument = "appsettings";

    /// <summary>Reads an entry.</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="relative">The key below its layer: <c>db/host</c> is the setting <c>db:host</c>.</param>
    /// <param name="format">How to read.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="DocumentFormatException">The value cannot be read.</exception>
    public static KeyValuePair<string, string?>[] Read(ReadOnlySpan<byte> value, string relative, ValueFormat format)
    {
        if (value.StartsWith(Encoding.UTF8.Preamble))
        {
            value = value[Encoding.UTF8.Preamble.Length..];
        }

        // The default decoder would silently put U+FFFD in place of what it cannot read.
        if (!Utf8.IsValid(value))
        {
            throw new DocumentFormatException("not valid UTF-8");
        }

        bool hasExtension = relative.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
        bool isDocument = format == ValueFormat.Json || (format == ValueFormat.ByExtension && hasExtension);
        return isDocument
            ? [.. JsonFlattener.Flatten(value, Section(hasExtension ? relative[..^Extension.Length] : relative))]
            : [new KeyValuePair<string, string?>(Path(relative), Encoding.UTF8.GetString(value))];
    }

    private static string? Section(string relative)
    {
        int slash = relative.LastIndexOf('/');
        ReadOnlySpan<char> name = relative.AsSpan(slash + 1);
        bool isRoot = name.IsEmpty || name.Equals(RootDocument, StringComparison.OrdinalIgnoreCase);
        return !isRoot ? Path(relative) : slash < 0 ? null : Path(relative[..slash]);
    }

    private static string Path(string relative) => relative.Replace('/', ':');
}
