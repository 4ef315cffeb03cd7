using System.Diagnostics;
using System.Globalization;
using ConfigClients.Proof.Processes;
using ConfigClients.Recipes;

namespace ConfigClients.Proof.Pauses;

/// <summary>The role of a process that holds a lock and is a member, and is stopped, or has no threads left; says what it believes, and what it believed first when it went on.</summary>
internal sealed class PauseProcess
{
    /// <summary>The role.</summary>
    public const string Role = "pause";

    /// <summary>The lock.</summary>
    public const string Lock = "pause/lock";

    /// <summary>The group.</summary>
    public const string Group = "pause/group";

    /// <summary>Its name in the group.</summary>
    public const string Id = "p";

    /// <summary>No thread of a process that runs is kept waiting for so long.</summary>
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(2);

    private readonly Voice _voice = new();

    /// <summary>Runs until told to end. The argument: where the store is.</summary>
    public static Task RunAsync(IReadOnlyList<string> arguments) => new PauseProcess().RunAsync(arguments[0]);

    private async Task RunAsync(string address)
    {
        await using IConfigStore store = StoreUnderProof.Open(address);
        ContenderOptions options = new() { SessionTtl = StoreUnderProof.Ttl };
        LockHandle handle = await StoreUnderProof.InsistAsync(() => store.CreateLock(Lock, options).AcquireAsync(cancellationToken: _voice.End));
        MemberHandle member = await StoreUnderProof.InsistAsync(() => store.CreateMembership(Group, options).JoinAsync(Id, cancellationToken: _voice.End));
        handle.Lost.Register(() => _voice.Say($"told {handle.LossReason}"));
        _voice.Listen(line => Hear(line, handle, member));
        Thread looking = new(() => Look(handle)) { IsBackground = true };
        looking.Start();
        _voice.Say(string.Create(CultureInfo.InvariantCulture, $"has {handle.FencingToken} {member.Epoch}"));
        await Task.Delay(Timeout.InfiniteTimeSpan, _voice.End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Hear(string line, LockHandle handle, MemberHandle member)
    {
        if (line == "now")
        {
            _voice.Say(string.Create(CultureInfo.InvariantCulture, $"now {handle.IsHeld} {(long)handle.ValidFor.TotalMilliseconds} {member.IsMember} {member.Epoch}"));
        }
        else
        {
            Starve(TimeSpan.FromMilliseconds(long.Parse(line, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Looks at the hold all the time, on a thread of its own; says when it is first not held, and what it is right after a stop.</summary>
    private void Look(LockHandle handle)
    {
        bool wasHeld = true;
        for (long before = Stopwatch.GetTimestamp(); ;)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(5));
            long at = Stopwatch.GetTimestamp();
            bool isHeld = handle.IsHeld;
            if (Stopwatch.GetElapsedTime(before, at) > Stopped)
            {
                _voice.Say($"woke {isHeld}");
            }

            if (wasHeld && !isHeld)
            {
                _voice.Say(string.Create(CultureInfo.InvariantCulture, $"lost {at}"));
                wasHeld = false;
            }

            before = at;
        }
    }

    /// <summary>Takes every thread that the pool may have, for a while.</summary>
    private void Starve(TimeSpan length)
    {
        int threads = Environment.ProcessorCount;
        ThreadPool.SetMinThreads(threads, threads);
        ThreadPool.SetMaxThreads(threads, threads);
        long since = Stopwatch.GetTimestamp();
        for (int i = 0; i < threads * 16; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                left =>
                {
                    TimeSpan rest = length - Stopwatch.GetElapsedTime(left);
                    Thread.Sleep(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
                },
                since,
                preferLocal: false);
        }

        _voice.Say("starves");
    }
}
