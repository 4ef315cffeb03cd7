using System.Text;
using System.Text.Json;
using ConfigClients.Consul.Wire;

namespace ConfigClients.Consul.Tests;

/// <summary>However an answer is spelled and wherever it is cut, the listing is the same.</summary>
public sealed class ConsulRowScannerTests
{
    private const string Compact =
        """[{"LockIndex":0,"Key":"p/a","Flags":18446744073709551615,"Value":"dg==","CreateIndex":5,"ModifyIndex":7},{"LockIndex":1,"Key":"p/b","Flags":0,"Value":null,"Session":"4ed0c5c5-3b5c-4a36-9a0f-3f6a0e0ac9a1","CreateIndex":6,"ModifyIndex":9223372036854775807}]""";

    private const string Pretty =
        """
        [
            { "ModifyIndex": 7, "CreateIndex": 5, "Value": "dg==", "Key": "p\u002fa", "Unknown": { "x": [1, 2] }, "Flags": 1, "LockIndex": 0 },
            { "Key" : "p/b" , "Value" : null, "Session": "4ed0c5c5-3b5c-4a36-9a0f-3f6a0e0ac9a1", "CreateIndex": 6, "ModifyIndex": 9223372036854775807 }
        ]

        """;

    [Theory]
    [InlineData(Compact)]
    [InlineData(Pretty)]
    public void A_listing_cut_anywhere_reads_the_same(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            using ConsulListing listing = new(new ConsulKeys(""), "p", []);
            int read = listing.Read(bytes.AsSpan(0, cut), isFinal: false);
            Assert.Equal(bytes.Length, read + listing.Read(bytes.AsSpan(read), isFinal: true));

            Assert.Equal(
                [("p/a", 1, 7L, 5L, null), ("p/b", 0, long.MaxValue, 6L, "4ed0c5c5-3b5c-4a36-9a0f-3f6a0e0ac9a1")],
                listing.ToEntries().Select(static entry => (entry.Key, entry.Value.Length, entry.Revision.Number, entry.CreateRevision, entry.SessionId)));
        }
    }

    [Theory]
    [InlineData(Compact)]
    [InlineData(Pretty)]
    public void A_listing_cut_off_is_none(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.TrimEnd());
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            Assert.ThrowsAny<JsonException>(() =>
            {
                using ConsulListing listing = new(new ConsulKeys(""), "p", []);
                listing.Read(bytes.AsSpan(0, cut), isFinal: true);
            });
        }
    }

    [Theory]
    [InlineData("""[{"Key":"p/a","Value":"dg==","CreateIndex":5,"ModifyIndex":7}]x""")]
    [InlineData("""[{"Key":"p/a","Value":"dg==","CreateIndex":5,"ModifyIndex":7},]""")]
    [InlineData("""[,{"Key":"p/a","Value":"dg==","CreateIndex":5,"ModifyIndex":7}]""")]
    [InlineData("""[{"Key":"p/a","Value":"dg==","CreateIndex":5,"ModifyIndex":7}{"Key":"p/b","ModifyIndex":7}]""")]
    [InlineData("""[{"Key":"p/a","Value":"d","CreateIndex":5,"ModifyIndex":7}]""")]
    [InlineData("""[{"Key":"p/a","Value":"dg==","CreateIndex":5,"ModifyIndex":99999999999999999999}]""")]
    [InlineData("""[{"Key":"p/a","Value":7,"CreateIndex":5,"ModifyIndex":"7"}]""")]
    [InlineData("""[{"Key":7,"ModifyIndex":7}]""")]
    [InlineData("[[]]")]
    [InlineData("null")]
    [InlineData("[]]")]
    public void What_is_no_listing_is_refused(string text) => Assert.ThrowsAny<JsonException>(() =>
    {
        using ConsulListing listing = new(new ConsulKeys(""), "p", []);
        listing.Read(Encoding.UTF8.GetBytes(text), isFinal: true);
    });

    [Fact]
    public void What_did_not_change_is_the_same_object()
    {
        using ConsulListing first = new(new ConsulKeys(""), "p", []);
        first.Read(Encoding.UTF8.GetBytes(Compact), isFinal: true);
        IReadOnlyList<ConfigEntry> known = first.ToEntries();
        using ConsulListing same = new(new ConsulKeys(""), "p", known);
        same.Read(Encoding.UTF8.GetBytes(Compact), isFinal: true);
        using ConsulListing changed = new(new ConsulKeys(""), "p", known);
        changed.Read(Encoding.UTF8.GetBytes(Compact.Replace("\"ModifyIndex\":7", "\"ModifyIndex\":8", StringComparison.Ordinal)), isFinal: true);

        Assert.Same(known, same.ToEntries());
        Assert.NotSame(known[0], changed.ToEntries()[0]);
        Assert.Same(known[1], changed.ToEntries()[1]);
    }
}
