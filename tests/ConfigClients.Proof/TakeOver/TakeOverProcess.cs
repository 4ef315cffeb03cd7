using System.Diagnostics;
using System.Globalization;
using ConfigClients.Proof.Processes;
using ConfigClients.Recipes;

namespace ConfigClients.Proof.TakeOver;

/// <summary>The role of a process that takes some locks, says when it has each of them, and keeps them.</summary>
internal static class TakeOverProcess
{
    /// <summary>The role.</summary>
    public const string Role = "take";

    /// <summary>Runs until told to end. The arguments: where the store is, the first lock, how many.</summary>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        Voice voice = new();
        voice.Listen();
        await using IConfigStore store = StoreUnderProof.Open(arguments[0]);
        IEnumerable<int> locks = Enumerable.Range(Number(arguments[1]), Number(arguments[2]));
        await Task.WhenAll(locks.Select(async number =>
        {
            DistributedLock mutex = store.CreateLock(TakeOverProof.Name(number), new ContenderOptions { SessionTtl = StoreUnderProof.Ttl });
            await StoreUnderProof.InsistAsync(async () =>
            {
                LockHandle handle = await mutex.AcquireAsync(cancellationToken: voice.End);
                voice.Say($"{number} {Stopwatch.GetTimestamp()} {handle.FencingToken}");
            });
        }));
        await Task.Delay(Timeout.InfiniteTimeSpan, voice.End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
