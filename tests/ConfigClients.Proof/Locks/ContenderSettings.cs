using System.Globalization;

namespace ConfigClients.Proof.Locks;

/// <summary>What a contender process is told when it is started.</summary>
/// <param name="Address">Where the store is.</param>
/// <param name="ResourcePort">Where the resource is.</param>
/// <param name="Seed">Decides which locks it goes for, and how long it holds and rests.</param>
/// <param name="Workers">How many workers of the fenced arm it has.</param>
/// <param name="Rest">How long a worker rests between two holds, at most.</param>
internal sealed record ContenderSettings(string Address, int ResourcePort, int Seed, int Workers, TimeSpan Rest)
{
    /// <summary>The role.</summary>
    public const string Role = "contend";

    /// <summary>How many locks the fenced arm has.</summary>
    public const int Locks = 50;

    /// <summary>How many locks each control arm has.</summary>
    public const int ControlLocks = 8;

    /// <summary>How many workers each control arm has in each process: more in all than there are locks, so that somebody always waits.</summary>
    public const int ControlWorkers = 2;

    /// <summary>As arguments, without the role.</summary>
    public IEnumerable<string> ToArguments() =>
        [Address, Text(ResourcePort), Text(Seed), Text(Workers), Text((int)Rest.TotalMilliseconds)];

    /// <summary>From arguments, without the role.</summary>
    public static ContenderSettings Parse(IReadOnlyList<string> arguments) =>
        new(arguments[0], Number(arguments[1]), Number(arguments[2]), Number(arguments[3]), TimeSpan.FromMilliseconds(Number(arguments[4])));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
