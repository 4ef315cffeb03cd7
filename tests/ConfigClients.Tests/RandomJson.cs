using System.Globalization;
using System.Text;

namespace ConfigClients.Tests;

/// <summary>Documents with everything that configuration files hold, comments and trailing commas included.</summary>
internal static class RandomJson
{
    private static readonly string[] Scalars =
        ["null", "true", "false", "0", "-1.50", "1e5", "12345678901234567890", "\"\"", "\"text\"", "\"\\u00e9\\n\"", "\"ü/:\"", "{}", "[]"];

    public static string Document(Random random) => Object(random, 0);

    private static string Value(Random random, int depth) => depth > 4 || random.Next(3) > 0 ? Scalars[random.Next(Scalars.Length)]
        : random.Next(2) == 0 ? Object(random, depth + 1)
        : Array(random, depth + 1);

    private static string Object(Random random, int depth)
    {
        StringBuilder json = new("{");
        int count = random.Next(5);
        for (int i = 0; i < count; i++)
        {
            json.Append(CultureInfo.InvariantCulture, $"{Space(random)}\"k{i}{(random.Next(4) == 0 ? " ü" : "")}\":{Value(random, depth)}{(i + 1 < count || random.Next(2) == 0 ? "," : "")}");
        }

        return json.Append('}').ToString();
    }

    private static string Array(Random random, int depth)
    {
        int count = random.Next(13);
        return "[" + string.Join(",", Enumerable.Range(0, count).Select(_ => Space(random) + Value(random, depth))) + (count > 0 && random.Next(2) == 0 ? "," : "") + "]";
    }

    private static string Space(Random random) => random.Next(5) switch { 0 => "/* c */", 1 => "// c\n", 2 => "\n  ", _ => "" };
}
