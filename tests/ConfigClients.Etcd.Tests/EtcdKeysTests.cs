using System.Text;

namespace ConfigClients.Etcd.Tests;

/// <summary>Where keys lie, and that they cannot lie elsewhere.</summary>
public sealed class EtcdKeysTests
{
    public static TheoryData<string> Natural => ["a", "a/b", "a b", "a%2Fb", "a?x#y", "a=b", "..a/...", "é", "😀/\uE000", new string('a', 255), string.Join('/', Enumerable.Repeat("a", 32))];

    [Theory]
    [MemberData(nameof(Natural))]
    public void A_key_lies_under_its_own_name_below_the_root_and_comes_back(string key)
    {
        foreach (string root in new[] { "", "root", "/root", "/a/b" })
        {
            EtcdKeys keys = new(root);

            byte[] stored = keys.Stored(key);

            Assert.Equal((root.Length == 0 ? key : $"{root}/{key}", key), (Encoding.UTF8.GetString(stored), keys.Key(stored)));
        }
    }

    [Theory]
    [InlineData("root")]
    [InlineData("root/")]
    [InlineData("rootless/a")]
    [InlineData("/root/a")]
    [InlineData("elsewhere/a")]
    [InlineData("root/a/")]
    [InlineData("root//a")]
    [InlineData("root/a//b")]
    [InlineData("root/a/../b")]
    [InlineData("root/a\\b")]
    [InlineData("root/a\nb")]
    [InlineData("root/a\0")]
    [InlineData("root/e\u0301")]
    public void A_name_that_is_no_key_of_the_store_is_none(string stored) => Assert.Null(new EtcdKeys("root").Key(Encoding.UTF8.GetBytes(stored)));

    [Theory]
    [InlineData(256, 1)]
    [InlineData(1, 33)]
    [InlineData(200, 6)]
    public void A_name_that_is_too_long_or_too_deep_is_none(int length, int depth) =>
        Assert.Null(new EtcdKeys("").Key(Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Repeat(new string('a', length), depth)))));

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xFF })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[0])]
    public void Bytes_that_are_no_text_are_none(byte[] stored) => Assert.Null(new EtcdKeys("").Key(stored));

    [Theory]
    [InlineData("", "", "\0", "\0")]
    [InlineData("", "app", "app/", "app0")]
    [InlineData("root", "", "root/", "root0")]
    [InlineData("/root", "app/x", "/root/app/x/", "/root/app/x0")]
    [InlineData("root", "é", "root/é/", "root/é0")]
    public void A_prefix_begins_behind_its_slash_and_ends_before_the_next_byte(string root, string prefix, string from, string to)
    {
        (byte[] first, byte[] end) = new EtcdKeys(root).Below(prefix);

        Assert.Equal((from, to), (Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(end)));
    }

    [Theory]
    [InlineData("app/a", true)]
    [InlineData("app/\uFFFF", true)]
    [InlineData("app/😀", true)]
    [InlineData("app", false)]
    [InlineData("application", false)]
    [InlineData("app-a", false)]
    [InlineData("app.a", false)]
    [InlineData("app0", false)]
    public void A_prefix_holds_what_is_below_it_and_nothing_else(string key, bool isBelow)
    {
        EtcdKeys keys = new("root");
        (byte[] from, byte[] to) = keys.Below("app");
        byte[] stored = keys.Stored(key);

        Assert.Equal(isBelow, from.AsSpan().SequenceCompareTo(stored) <= 0 && stored.AsSpan().SequenceCompareTo(to) < 0);
    }

    [Fact]
    public void The_first_name_behind_another_leaves_none_out() => Assert.Equal("a\0"u8.ToArray(), EtcdKeys.After("a"u8));
}
