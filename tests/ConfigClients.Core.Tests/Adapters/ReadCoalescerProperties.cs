using ConfigClients.Adapters;
using ConfigClients.Core.Tests.Simulation;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class ReadCoalescerProperties
{
    private const int MaxBatch = 4;

    /// <summary>Whatever comes, goes, breaks and is cancelled: each read ends, with its own key, and never with less than was written before it was asked for.</summary>
    [Property(MaxTest = 100_000)]
    public bool Every_read_ends_and_sees_what_was_written_before_it(byte[] schedule) => Run(schedule, withForbidden: true).IsSound;

    /// <summary>Without refusals, which are read again one by one, the bounds hold at every moment.</summary>
    [Property(MaxTest = 10_000)]
    public bool No_more_than_two_requests_are_outstanding_and_none_is_larger_than_allowed(byte[] schedule)
    {
        ReadSimulation server = Run(schedule, withForbidden: false).Server;

        return server is { MostOutstanding: <= 2, LargestBatch: <= MaxBatch };
    }

    private static (bool IsSound, ReadSimulation Server) Run(byte[] schedule, bool withForbidden)
    {
        ReadSimulation server = new();
        ReadCoalescer<(string Key, int Version)> reads = new(
            server.ReadOneAsync, server.ReadManyAsync, static _ => false, MaxBatch, TimeSpan.FromSeconds(5), new FakeTimeProvider(), CancellationToken.None);
        List<(string Key, int Before, CancellationTokenSource Cancel, Task<(string Key, int Version)> Task)> asked = [];
        foreach (byte step in schedule)
        {
            string key = (step >> 3) % 6 == 5 && withForbidden ? ReadSimulation.Forbidden : $"k{(step >> 3) % 6}";
            switch (step & 7)
            {
                case 0 or 1 or 2 or 3:
                    CancellationTokenSource cancel = new();
                    asked.Add((key, server.Version(key), cancel, reads.ReadAsync(key, cancel.Token).AsTask()));
                    break;
                case 4:
                    server.Write(key);
                    break;
                case 5 when asked.Count > 0:
                    asked[(step >> 3) % asked.Count].Cancel.Cancel();
                    break;
                default:
                    server.Complete(step >> 3, fails: step == 0xFF);
                    break;
            }
        }

        while (server.Outstanding > 0)
        {
            server.Complete(0, fails: false);
        }

        return (asked.All(static read => IsSound(read.Key, read.Before, read.Cancel, read.Task)), server);
    }

    private static bool IsSound(string key, int before, CancellationTokenSource cancel, Task<(string Key, int Version)> read)
    {
        // What was completed from the schedule may still be on its way through the thread pool.
        Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(10))).GetAwaiter().GetResult();
        return read.Status switch
        {
            TaskStatus.RanToCompletion => read.Result.Key == key && read.Result.Version >= before,
            TaskStatus.Canceled => cancel.IsCancellationRequested,
            TaskStatus.Faulted => read.Exception!.InnerException is StoreException { Error: StoreError.Unavailable }
                || (read.Exception.InnerException is StoreException { Error: StoreError.Denied } && key == ReadSimulation.Forbidden),
            _ => false,
        };
    }
}
