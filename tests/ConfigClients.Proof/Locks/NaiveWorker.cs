using System.Diagnostics;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>The lock that is written in ten lines: a key that is set if absent and expires; nobody looks whether it still stands, and letting go deletes it, whoever's it is.</summary>
internal sealed class NaiveWorker(IConfigStore store, ContenderSettings settings, LockReport report, Random random, ResourceClient resource)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private IStoreSession? _session;

    /// <summary>Works until told to end.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause + (settings.Rest * random.NextDouble()), end);
                int number = random.Next(ContenderSettings.ControlLocks);
                string key = $"naive/{number}";
                _session ??= await store.OpenSessionAsync(new StoreSessionOptions { Ttl = Processes.StoreUnderProof.Ttl }, end);
                WriteResult got = await store.SetAsync(key, "mine", Condition.Absent, _session, end);
                if (got.Applied)
                {
                    await HoldAsync(number, got.Revision.Number);
                    await store.DeleteAsync(key, cancellationToken: end);
                }
            }
            catch (StoreException e)
            {
                report.Failed(e.Error.ToString());
                _session = null;
            }
            catch (OperationCanceledException)
            {
                // Told to end.
            }
        }
    }

    private async Task HoldAsync(int number, long token)
    {
        report.Granted(number, token, Stopwatch.GetTimestamp(), long.MaxValue);
        long? value = await resource.ReadAsync(Arm.Naive, number, token);
        await Task.Delay(random.Next(0, 2000));
        await resource.WriteAsync(Arm.Naive, number, token, value!.Value + 1);
        report.Released(number, token, Stopwatch.GetTimestamp());
    }
}
