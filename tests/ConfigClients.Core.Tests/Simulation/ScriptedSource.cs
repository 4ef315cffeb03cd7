using System.Runtime.CompilerServices;
using ConfigClients.Adapters;

namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A source that follows a script: each follow plays one act, each read answers with the state of the moment or fails.</summary>
internal sealed class ScriptedSource : IWatchSource
{
    private readonly Queue<Exception> _readFailures = new();
    private readonly Queue<object[]> _acts = new();

    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromDays(1);

    public ConfigSnapshot State { get; set; } = new(StoreSimulation.Prefix, [], 1);

    public int Reads { get; private set; }

    /// <summary>The revisions it was asked to follow from.</summary>
    public List<long> Follows { get; } = [];

    public ScriptedSource FailReads(params Exception[] failures)
    {
        Array.ForEach(failures, _readFailures.Enqueue);
        return this;
    }

    /// <summary>Steps, exceptions and what happens meanwhile, in one follow; it is cut off after them. After the last act comes <see cref="EndOfScheduleException"/>.</summary>
    public ScriptedSource Act(params object[] steps)
    {
        _acts.Enqueue(steps);
        return this;
    }

    public ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return _readFailures.TryDequeue(out Exception? failure) ? throw failure : ValueTask.FromResult(State);
    }

    public async IAsyncEnumerable<WatchStep> FollowAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Follows.Add(revision);
        if (!_acts.TryDequeue(out object[]? steps))
        {
            throw new EndOfScheduleException();
        }

        foreach (object step in steps)
        {
            switch (step)
            {
                case WatchStep ready:
                    yield return ready;
                    break;
                case Exception failure:
                    throw failure;
                case Action meanwhile:
                    meanwhile();
                    break;
                default:
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    break;
            }
        }
    }
}
