using System.Collections.Concurrent;
using System.Globalization;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedCrashTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private const int Kills = 500;
    private const int WritersAtOnce = 3;

    private readonly ConcurrentDictionary<long, string> _revisions = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private long _acknowledged;
    private int _uncertainCommits;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hundred_killed_writers_lose_no_acknowledged_write_tear_no_commit_and_reuse_no_revision()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        int left = Kills;

        await Task.WhenAll(Enumerable.Range(0, WritersAtOnce).Select(async _ =>
        {
            int run;
            while ((run = Interlocked.Decrement(ref left)) >= 0)
            {
                await KillOneAsync(store, $"crash/{run}");
            }
        }));

        TestContext.Current.SendDiagnosticMessage(
            $"{Kills} kills, {_revisions.Count} acknowledged commits, {_uncertainCommits} commits applied but not acknowledged.");
        Assert.Empty(_faults);
        Assert.True(_revisions.Count > Kills);
    }

    private async Task KillOneAsync(IConfigStore store, string prefix)
    {
        long before = Interlocked.Read(ref _acknowledged);
        using CrashWriter writer = new(fixture.Path, "pairs", prefix);
        List<string> lines = [];

        // Some die in their very first write, the others after a random number of commits, in the middle of the next.
        int commits = Random.Shared.Next(0, 12);
        while (lines.Count < commits && await writer.ReadLineAsync(Token) is { } line)
        {
            lines.Add(line);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * (commits == 0 ? 150 : 5)), Token);
        lines.AddRange(await writer.KillAsync(Token));
        (long Round, long Revision)[] acknowledged = [.. lines.Select(Parse)];
        CheckRevisions(prefix, before, acknowledged);
        await CheckStateAsync(store, prefix, acknowledged);
    }

    private void CheckRevisions(string prefix, long before, (long Round, long Revision)[] acknowledged)
    {
        long last = before;
        foreach ((long round, long revision) in acknowledged)
        {
            if (revision <= last || !_revisions.TryAdd(revision, prefix))
            {
                _faults.Enqueue($"{prefix}: round {round} got revision {revision} after {last} (taken by {_revisions.GetValueOrDefault(revision)}).");
            }

            last = revision;
        }

        long known;
        while ((known = Interlocked.Read(ref _acknowledged)) < last)
        {
            Interlocked.CompareExchange(ref _acknowledged, last, known);
        }
    }

    private async Task CheckStateAsync(IConfigStore store, string prefix, (long Round, long Revision)[] acknowledged)
    {
        ConfigSnapshot snapshot = await store.ListAsync(prefix, Token);
        ConfigEntry? a = snapshot.Find($"{prefix}/a");
        ConfigEntry? b = snapshot.Find($"{prefix}/b");
        long round = a is null ? 0 : long.Parse(a.GetString(), CultureInfo.InvariantCulture);
        if (a?.GetString() != b?.GetString() || a?.Revision != b?.Revision || snapshot.Find($"{prefix}/c") is null != (round % 3 == 0))
        {
            _faults.Enqueue($"{prefix}: torn at round {round}.");
        }

        (long Round, long Revision) last = acknowledged.Length == 0 ? default : acknowledged[^1];
        if (round == last.Round + 1)
        {
            Interlocked.Increment(ref _uncertainCommits);
            if (!_revisions.TryAdd(a!.Revision.Number, prefix))
            {
                _faults.Enqueue($"{prefix}: round {round} has revision {a.Revision}, which {_revisions[a.Revision.Number]} has, too.");
            }
        }
        else if (round != last.Round || (a?.Revision.Number ?? 0) != last.Revision)
        {
            _faults.Enqueue($"{prefix}: round {round} at {a?.Revision} stands, but {last} was acknowledged.");
        }
    }

    private static (long Round, long Revision) Parse(string line)
    {
        string[] words = line.Split(' ');
        return (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
