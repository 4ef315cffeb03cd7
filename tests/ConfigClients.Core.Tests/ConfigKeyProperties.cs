using System.Text;
using FsCheck.Xunit;

namespace ConfigClients.Core.Tests;

public sealed class ConfigKeyProperties
{
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>Letters that meet every rule's edge; a key is drawn from them.</summary>
    private static readonly string[] Letters = ["a", "b", "/", "/", ".", "\\", "\0", " ", "é", "\u0301", "\uD7FF", "\uD800", "\uDC00", "\uE000", "\uFF21", "\uFFFE", "\uFFFF", "😀", "𐀀", "\u0085"];

    [Property(MaxTest = 100_000)]
    public bool Check_and_is_valid_agree_and_nothing_else_is_thrown(byte[] letters)
    {
        string text = Draw(letters);

        bool valid = ConfigKey.IsValid(text);
        Exception? fault = Record.Exception(() => ConfigKey.Check(text));

        return valid ? fault is null : fault is ArgumentException { ParamName: "text" };
    }

    [Property(MaxTest = 100_000)]
    public bool A_key_round_trips_through_utf8_and_its_segments(byte[] letters)
    {
        string text = Draw(letters);
        if (!ConfigKey.IsValid(text))
        {
            return true;
        }

        byte[] bytes = Strict.GetBytes(text);
        string[] segments = text.Split('/');
        return bytes.Length is > 0 and <= ConfigKey.MaxBytes
            && Strict.GetString(bytes) == text
            && text.IsNormalized()
            && segments.Length <= ConfigKey.MaxDepth
            && segments.All(static segment => ConfigKey.IsValid(segment));
    }

    [Property(MaxTest = 100_000)]
    public bool The_order_is_that_of_utf8_bytes(byte[] left, byte[] right, byte common)
    {
        string shared = Draw([.. Enumerable.Repeat(common, common % 3)]);
        string a = WellFormed(shared + Draw(left));
        string b = WellFormed(shared + Draw(right));

        int expected = Strict.GetBytes(a).AsSpan().SequenceCompareTo(Strict.GetBytes(b));

        return Math.Sign(ConfigKey.Compare(a, b)) == Math.Sign(expected) && Math.Sign(ConfigKey.Compare(b, a)) == -Math.Sign(expected);
    }

    private static string Draw(byte[] letters) => string.Concat(letters.Select(static letter => Letters[letter % Letters.Length]));

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
