using System.Diagnostics;
using System.Globalization;
using ConfigClients.Proof.Resource;
using ConfigClients.Recipes;

namespace ConfigClients.Proof.Locks;

/// <summary>Takes our locks, one after the other, and adds to the counters they protect: looking at the hold before each step, and fenced, or looking once, and not.</summary>
internal sealed class LockWorker(IConfigStore store, ContenderSettings settings, LockReport report, Arm arm, Random random, ResourceClient resource)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DistributedLock[] _locks =
    [
        .. Enumerable.Range(0, arm == Arm.Fenced ? ContenderSettings.Locks : ContenderSettings.ControlLocks)
            .Select(number => store.CreateLock($"locks/{arm}/{number}", new ContenderOptions { SessionTtl = Processes.StoreUnderProof.Ttl })),
    ];

    /// <summary>Works until told to end.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(settings.Rest * random.NextDouble(), end);
                int number = random.Next(_locks.Length);
                if (await _locks[number].TryAcquireAsync(Patience, end) is { } handle)
                {
                    await using (handle)
                    {
                        await HoldAsync(handle, number);
                    }
                }
            }
            catch (StoreException e)
            {
                report.Failed(e.Error.ToString());
            }
            catch (OperationCanceledException)
            {
                // Told to end.
            }
        }
    }

    private async Task HoldAsync(LockHandle handle, int number)
    {
        if (!IsHeld(handle, out long at, out long validUntil))
        {
            report.Late(number, handle.FencingToken);
            return;
        }

        report.Granted(number, handle.FencingToken, at, validUntil);
        bool isHeld = true;
        try
        {
            isHeld = arm == Arm.Fenced ? await StepCarefullyAsync(handle, number) : await StepAsync(handle, number);
        }
        catch (StoreException e)
        {
            report.Failed(e.Error.ToString());
            isHeld = handle.IsHeld;
        }

        if (isHeld)
        {
            report.Released(number, handle.FencingToken, Stopwatch.GetTimestamp());
        }
        else
        {
            report.Lost(number, handle.FencingToken, handle.LossReason == LockLossReason.DeadlinePassed ? LossKind.TimePassed : LossKind.Told);
        }
    }

    private async Task<bool> StepCarefullyAsync(LockHandle handle, int number)
    {
        int steps = random.Next(1, 4);
        for (int step = 0; step < steps; step++)
        {
            if (!IsHeld(handle, out long at, out long validUntil))
            {
                return false;
            }

            report.Held(number, handle.FencingToken, at, validUntil);
            if (await resource.ReadAsync(arm, number, handle.FencingToken) is { } value)
            {
                await resource.WriteAsync(arm, number, handle.FencingToken, value + 1);
            }

            if (step == 0)
            {
                await CountInStoreAsync(handle, number);
            }

            await Task.Delay(random.Next(0, 30));
        }

        return handle.IsHeld;
    }

    /// <summary>Reads the counter in the store and writes it back, one more, under the guard of the lock.</summary>
    private async Task CountInStoreAsync(LockHandle handle, int number)
    {
        string key = $"counters/{number}";
        string text = await store.GetStringAsync(key) ?? "0";
        report.Trying(number, handle.FencingToken);
        try
        {
            long value = long.Parse(text, CultureInfo.InvariantCulture) + 1;
            WriteResult result = await handle.SetAsync(key, System.Text.Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
            report.Tried(number, handle.FencingToken, result.Applied);
        }
        catch (StoreException e) when (!e.MayHaveApplied)
        {
            report.Tried(number, handle.FencingToken, isApplied: false);
        }
    }

    /// <summary>What one does who trusts a look at the lock for as long as a step takes.</summary>
    private async Task<bool> StepAsync(LockHandle handle, int number)
    {
        long? value = await resource.ReadAsync(arm, number, handle.FencingToken);
        await Task.Delay(random.Next(0, 2000));
        await resource.WriteAsync(arm, number, handle.FencingToken, value!.Value + 1);
        return handle.IsHeld;
    }

    /// <summary>Whether it is held. If so, then at the time before the look, too: a hold that is over does not come back.</summary>
    private static bool IsHeld(LockHandle handle, out long at, out long validUntil)
    {
        at = Stopwatch.GetTimestamp();
        TimeSpan left = handle.ValidFor;
        validUntil = at + (long)(left.TotalSeconds * Stopwatch.Frequency);
        return left > TimeSpan.Zero;
    }
}
