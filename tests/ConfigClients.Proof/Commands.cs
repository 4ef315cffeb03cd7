using System.Globalization;
using ConfigClients.Proof.Leaks;
using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Members;
using ConfigClients.Proof.Processes;
using ConfigClients.Proof.TakeOver;

namespace ConfigClients.Proof;

/// <summary>The long runs, by command.</summary>
internal static class Commands
{
    private const string Usage =
        """
        dotnet run -c Release --project tests/ConfigClients.Proof -- COMMAND --store embedded|consul|etcd|zookeeper [--seed 1]

        locks      [--grants 20000]   processes that contend for locks, under faults; 0 grants for the schedule of half a minute
        takeover   [--holders 20]     how long a killed holder keeps the next one waiting
        members    [--minutes 10]     members that share partitions, under faults
        leaks      [--count 10000]    locks and watches, very often
        """;

    /// <summary>Runs one.</summary>
    /// <returns>0 if everything held, 1 if not, 2 if the command is none.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output)
    {
        string kind = Word(words, "--store", "embedded");
        int seed = Number(words, "--seed", Random.Shared.Next(1, 1_000_000));
        await output.WriteLineAsync($"{string.Join(' ', words.Take(1))}: {kind}, seed {seed}");
        await using StoreUnderProof store = await StoreUnderProof.StartAsync(kind);
        switch (words is [string command, ..] ? command : "")
        {
            case "locks":
                LockProofResult locks = await LockProof.RunAsync(store, Options(words, kind, seed, output));
                return await TellAsync(locks.ToString(), locks.Faults, output);
            case "takeover":
                TakeOverResult takeOver = await TakeOverProof.RunAsync(store, seed, Number(words, "--holders", 20));
                return await TellAsync(takeOver.ToString(), takeOver.Faults, output);
            case "members":
                MemberProofResult members = await MemberProof.RunAsync(store, MemberOptions(words, seed, output));
                return await TellAsync(members.ToString(), members.Faults, output);
            case "leaks":
                LeakResult leaks = await LeakProof.RunAsync(store, Number(words, "--count", 10_000));
                return await TellAsync(leaks.ToString(), leaks.Faults, output);
            default:
                await output.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static async Task<int> TellAsync(string result, IReadOnlyList<string> faults, TextWriter output)
    {
        await output.WriteLineAsync(result);
        return faults.Count == 0 ? 0 : 1;
    }

    private static LockProofOptions Options(IReadOnlyList<string> words, string kind, int seed, TextWriter output)
    {
        LockProofOptions brief = LockProofOptions.Brief(kind, seed);
        return brief with
        {
            Grants = Number(words, "--grants", 20_000),
            Workers = Number(words, "--workers", brief.Workers),
            Rest = TimeSpan.FromMilliseconds(Number(words, "--rest", (int)brief.Rest.TotalMilliseconds)),
            Output = output,
        };
    }

    private static MemberProofOptions MemberOptions(IReadOnlyList<string> words, int seed, TextWriter output) => new()
    {
        Seed = seed,
        Processes = Number(words, "--processes", 20),
        Length = Number(words, "--minutes", 10) is > 0 and int minutes ? TimeSpan.FromMinutes(minutes) : null,
        Output = output,
    };

    private static string Word(IReadOnlyList<string> words, string name, string otherwise)
    {
        int place = words.ToList().IndexOf(name);
        return place >= 0 && place + 1 < words.Count ? words[place + 1] : otherwise;
    }

    private static int Number(IReadOnlyList<string> words, string name, int otherwise) =>
        int.Parse(Word(words, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
