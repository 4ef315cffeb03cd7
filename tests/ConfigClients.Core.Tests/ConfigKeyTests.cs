using ConfigClients.Conformance;

namespace ConfigClients.Core.Tests;

public sealed class ConfigKeyTests
{
    public static TheoryData<string, string> Positions => new()
    {
        { "", "must not be empty" },
        { "/a", "position 0: an empty segment" },
        { "a/", "position 2: an empty segment" },
        { "ab//c", "position 3: an empty segment" },
        { "ab/..", "position 3: a segment must not be" },
        { "ab\tc", "position 2: a control character (U+0009)" },
        { "ab\\c", "position 2: a backslash" },
        { "abc\uD800", "position 3: half of a surrogate pair (U+D800)" },
        { "a\uFFFEb", "position 1: U+FFFE" },
        { "e\u0301", "normalization form C" },
        { "a/" + new string('b', 256), "position 2: a segment must not be longer than 255 bytes" },
    };

    [Theory]
    [MemberData(nameof(BadKeys.NamesAndEmpty), MemberType = typeof(BadKeys))]
    public void A_malformed_text_is_no_key(string name) => Assert.False(ConfigKey.IsValid(BadKeys.Find(name)));

    [Theory]
    [MemberData(nameof(KeyShapeConformance.Shapes), MemberType = typeof(KeyShapeConformance))]
    public void A_text_of_any_allowed_shape_is_a_key(string name) => Assert.True(ConfigKey.IsValid(name));

    [Theory]
    [MemberData(nameof(Positions))]
    public void The_message_names_parameter_position_and_rule(string key, string expected)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => ConfigKey.Check(key));

        Assert.Equal("key", fault.ParamName);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limits_themselves_are_allowed()
    {
        string longest = string.Join('/', Enumerable.Repeat(new string('é', 102), 5));
        string deepest = string.Join('/', Enumerable.Repeat("d", ConfigKey.MaxDepth));

        Assert.Equal(ConfigKey.MaxBytes, System.Text.Encoding.UTF8.GetByteCount(longest));
        Assert.True(ConfigKey.IsValid(longest) && ConfigKey.IsValid(deepest) && ConfigKey.IsValid(new string('s', ConfigKey.MaxSegmentBytes)));
    }

    [Theory]
    [InlineData("app/a", "app", true)]
    [InlineData("app/a/b", "app", true)]
    [InlineData("app", "app", false)]
    [InlineData("application", "app", false)]
    [InlineData("application/a", "app", false)]
    [InlineData("APP/a", "app", false)]
    [InlineData("anything", "", true)]
    public void Below_is_like_a_directory(string key, string prefix, bool expected) => Assert.Equal(expected, ConfigKey.IsBelow(key, prefix));

    [Fact]
    public void The_empty_prefix_is_the_whole_store_but_no_key()
    {
        ConfigKey.CheckPrefix("");

        Assert.Throws<ArgumentException>(static () => ConfigKey.Check(""));
        Assert.Throws<ArgumentException>(static () => ConfigKey.CheckPrefix("a/"));
        Assert.Throws<ArgumentNullException>(static () => ConfigKey.CheckPrefix(null!));
        Assert.False(ConfigKey.IsValid(null));
    }
}
