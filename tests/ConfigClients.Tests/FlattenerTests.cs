using System.Globalization;
using System.Text;
using System.Text.Json;
using ConfigClients.Configuration;
using Microsoft.Extensions.Configuration;

namespace ConfigClients.Tests;

public sealed class FlattenerTests
{
    [Fact]
    public void Two_thousand_random_documents_give_what_Microsofts_provider_gives()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            string json = RandomJson.Document(new Random(seed));
            using ConfigurationRoot theirs = (ConfigurationRoot)new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

            Dictionary<string, string?> ours = JsonFlattener.Flatten(Encoding.UTF8.GetBytes(json), null);

            Dictionary<string, string?> expected = [];
            Collect(theirs.Providers.Single(), null, expected);
            Assert.True(Describe(expected) == Describe(ours), $"seed {seed}: {json}");
        }
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("[1]", 1, 1)]
    [InlineData("\"text\"", 1, 1)]
    [InlineData("{\"a\":1,\n\"a\":2}", 2, 1)]
    [InlineData("{\"a\":1,\n \"A\":2}", 2, 2)]
    [InlineData("{\"a:b\":1,\"a\":{\"B\":2}}", 1, 19)]
    [InlineData("{\"a\":1} {}", 1, 9)]
    [InlineData("{\"a\":\"\\uD800\"}", 1, 6)]
    public void A_bad_document_is_refused_with_its_place(string json, long line, long column)
    {
        DocumentFormatException fault = Assert.Throws<DocumentFormatException>(() => JsonFlattener.Flatten(Encoding.UTF8.GetBytes(json), null));

        Assert.Equal((line, column), (fault.Line!.Value, fault.Column!.Value));
    }

    [Fact]
    public void Depth_64_is_read_and_depth_65_refused()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new StringBuilder().Insert(0, "{\"a\":", depth - 1).Append("{}").Append('}', depth - 1).ToString());

        Assert.Single(JsonFlattener.Flatten(Nested(64), null));
        Assert.Contains("64", Assert.Throws<DocumentFormatException>(() => JsonFlattener.Flatten(Nested(65), null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_100000_settings_are_refused()
    {
        byte[] json = Encoding.UTF8.GetBytes("{\"a\":[" + string.Join(',', Enumerable.Repeat('1', 100_001)) + "]}");

        Assert.Throws<DocumentFormatException>(() => JsonFlattener.Flatten(json, null));
    }

    [Theory]
    [InlineData("tCANARY")]
    [InlineData("{\"a\":CANARY}")]
    [InlineData("{\"a\":\"CANARY")]
    public void A_fault_never_quotes_the_document(string json)
    {
        DocumentFormatException fault = Assert.Throws<DocumentFormatException>(() => JsonFlattener.Flatten(Encoding.UTF8.GetBytes(json), null));

        Assert.DoesNotContain("CANARY", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_dropped_and_bad_utf8_refused()
    {
        Assert.Equal("x", EntryReader.Read("\uFEFFx"u8, "a/b", ValueFormat.ByExtension).Single().Value);
        Assert.Throws<DocumentFormatException>(() => EntryReader.Read([0x61, 0xFF], "a/b", ValueFormat.ByExtension));
        Assert.Throws<DocumentFormatException>(() => EntryReader.Read([0x7B, 0xFF, 0x7D], "a.json", ValueFormat.ByExtension));
    }

    [Theory]
    [InlineData("db/main.json", ValueFormat.ByExtension, "db:main:x")]
    [InlineData("appsettings.json", ValueFormat.ByExtension, "x")]
    [InlineData("db/appsettings.json", ValueFormat.ByExtension, "db:x")]
    [InlineData("db/main", ValueFormat.Json, "db:main:x")]
    [InlineData("db/main.json", ValueFormat.Text, "db:main.json")]
    [InlineData("db/main", ValueFormat.ByExtension, "db:main")]
    public void The_key_says_where_a_value_goes(string key, ValueFormat format, string path) =>
        Assert.Equal(path, EntryReader.Read("{\"x\":1}"u8, key, format).Single().Key);

    private static void Collect(IConfigurationProvider provider, string? parent, Dictionary<string, string?> into)
    {
        foreach (string name in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            string path = parent is null ? name : $"{parent}:{name}";
            if (provider.TryGet(path, out string? value))
            {
                into[path] = value;
            }

            Collect(provider, path, into);
        }
    }

    private static string Describe(Dictionary<string, string?> settings) => string.Join('\n', settings
        .OrderBy(setting => setting.Key, StringComparer.Ordinal)
        .Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Key}={JsonEncodedText.Encode(setting.Value ?? "<null>")}")));
}
