using ConfigClients.Proof.Processes;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>The role of one contender process: workers of all three arms at once, so that all meet the same faults.</summary>
internal static class ContenderProcess
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    /// <summary>Runs until told to end.</summary>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        ContenderSettings settings = ContenderSettings.Parse(arguments);
        Voice voice = new();
        voice.Listen();
        Random seeds = new(settings.Seed);
        IConfigStore store = StoreUnderProof.Open(settings.Address);
        List<Task> work = [];
        async Task AddAsync(Arm arm, int workers)
        {
            for (int worker = 0; worker < workers; worker++)
            {
                LockReport report = new(voice, arm);
                Random random = new(seeds.Next());
                ResourceClient resource = await ResourceClient.ConnectAsync(settings.ResourcePort);
                work.Add(Task.Run(() => arm == Arm.Naive
                    ? new NaiveWorker(store, settings, report, random, resource).RunAsync(voice.End)
                    : new LockWorker(store, settings, report, arm, random, resource).RunAsync(voice.End)));
            }
        }

        await AddAsync(Arm.Fenced, settings.Workers);
        await AddAsync(Arm.Unfenced, ContenderSettings.ControlWorkers);
        await AddAsync(Arm.Naive, ContenderSettings.ControlWorkers);
        await Task.WhenAny(Task.WhenAll(work), Task.Delay(Timeout.InfiniteTimeSpan, voice.End));
        await EndAsync(voice, "workers", Task.WhenAll(work));
        await EndAsync(voice, "store", store.DisposeAsync().AsTask());
    }

    /// <summary>Waits for the end of something, and says so if it takes long.</summary>
    private static async Task EndAsync(Voice voice, string what, Task end)
    {
        if (await Task.WhenAny(end, Task.Delay(EndsWithin)) != end)
        {
            new LockReport(voice, Arm.Fenced).Failed($"the-end-of-the-{what}");
        }

        await end;
    }
}
