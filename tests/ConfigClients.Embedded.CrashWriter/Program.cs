using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfigClients;

// A process for the tests to kill: <file> pairs|seat|stamps <prefix>. Says on standard output what the store has confirmed.
await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded(options => options.Path = args[0]).Build();
using Stream output = Console.OpenStandardOutput(1);
string prefix = args[2];

switch (args[1])
{
    case "pairs":
        // Each round one commit of two equal values; every third round a key comes and goes as well.
        for (int round = 1; ; round++)
        {
            byte[] value = Encoding.UTF8.GetBytes(round.ToString(CultureInfo.InvariantCulture));
            Transaction pair = new Transaction().Set($"{prefix}/a", value).Set($"{prefix}/b", value);
            if (round % 3 == 0)
            {
                pair.Delete($"{prefix}/c");
            }
            else
            {
                pair.Set($"{prefix}/c", value);
            }

            WriteResult result = await store.CommitAsync(pair);
            Say($"{round} {result.Revision.Number}");
        }

    case "seat":
        IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl });
        await store.SetAsync($"{prefix}/seat", "me", session: session);
        Say(session.Id);
        await Task.Delay(Timeout.Infinite);
        break;

    case "stamps":
        while (true)
        {
            await store.SetAsync($"{prefix}/stamp", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
            await Task.Delay(Random.Shared.Next(30, 60));
        }

    default:
        throw new ArgumentException("pairs, seat or stamps", nameof(args));
}

// One write per line: a kill must not leave half of one.
void Say(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\n"));
