using System.Collections.Concurrent;
using System.Diagnostics;
using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Processes;
using ConfigClients.Proof.Resource;
using ConfigClients.Recipes;

namespace ConfigClients.Proof.Members;

/// <summary>What a member does with its partitions: adds to a counter for each, under the epoch, for as long as it owns it.</summary>
internal sealed class PartitionWork(Voice voice, int resourcePort)
{
    private readonly LockReport _report = new(voice, Arm.Fenced);
    private readonly ConcurrentDictionary<PartitionOwnership, (CancellationTokenSource Stop, Task Work)> _running = new();

    /// <summary>Starts the work of a partition.</summary>
    public Task StartAsync(PartitionOwnership owned, CancellationToken lost)
    {
        CancellationTokenSource stop = new();
        _running[owned] = (stop, Task.Run(() => RunAsync(owned, stop.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <summary>Ends the work of a partition. It is owned until this returns, unless it was lost.</summary>
    public async Task StopAsync(PartitionOwnership owned, CancellationToken lost)
    {
        if (_running.TryRemove(owned, out (CancellationTokenSource Stop, Task Work) running))
        {
            await running.Stop.CancelAsync();
            await running.Work;
            running.Stop.Dispose();
        }
    }

    private async Task RunAsync(PartitionOwnership owned, CancellationToken stop)
    {
        using ResourceClient resource = await ResourceClient.ConnectAsync(resourcePort);
        Action<int, long, long, long> say = _report.Granted;
        while (!stop.IsCancellationRequested)
        {
            // Sure only of the moment before the look: how long it will be owned, nobody says.
            long at = Stopwatch.GetTimestamp();
            if (!owned.IsOwned)
            {
                break;
            }

            say(owned.Partition, owned.Epoch, at, at);
            say = _report.Held;
            long? value = await resource.ReadAsync(Arm.Fenced, owned.Partition, owned.Epoch);
            await Task.Delay(Random.Shared.Next(100, 500), CancellationToken.None);
            if (value is not null)
            {
                await resource.WriteAsync(Arm.Fenced, owned.Partition, owned.Epoch, value.Value + 1);
            }
        }
    }
}
