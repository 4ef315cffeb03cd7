using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>Takes in what the feeds see, gathers it for the coalescing window, and swaps and announces the result.</summary>
/// <remarks>
/// Thread-safe. State is guarded by one lock, under which nothing of the application is called; swapping and announcing happen
/// inside the <see cref="ReloadGate"/>. Nothing thrown in here reaches a feed or a timer.
/// </remarks>
internal sealed class ConfigSync : IDisposable
{
    private readonly Lock _lock = new();
    private readonly DistributedConfigOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ErrorReport _report;
    private readonly ConfigComposer _composer;
    private readonly ReloadGate _gate;
    private readonly ITimer _timer;
    private readonly List<TaskCompletionSource> _waiters = [];
    private TaskCompletionSource _progress = NewSignal();
    private volatile ConfigImage _image = ConfigImage.Empty;
    private bool _isOpen;
    private bool _isArmed;

    public ConfigSync(DistributedConfigOptions options, ILogger logger)
    {
        LayerSet layers = LayerSet.From(options);
        _options = options;
        _time = options.TimeProvider;
        _logger = logger;
        _report = new ErrorReport(options.OnError, logger);
        _composer = new ConfigComposer(layers, options.Format, [.. options.DenySections]);
        _gate = new ReloadGate(Pass);
        _timer = _time.CreateTimer(static state => ((ConfigSync)state!)._gate.Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Roots = [.. layers.Roots.Select(prefix => new RootState(prefix))];
        Status = new ConfigStatus(_lock, Roots, _composer, _time);
    }

    /// <summary>The configuration has changed; raised for one change after the other.</summary>
    public event Action? Changed;

    /// <summary>What is fed. Written only through this class.</summary>
    public IReadOnlyList<RootState> Roots { get; }

    public ConfigStatus Status { get; }

    /// <summary>All settings now.</summary>
    public ConfigImage Image => _image;

    /// <summary>Whether the caller is inside a change callback.</summary>
    public bool IsInCallback => _gate.IsMine;

    /// <summary>Completes when a feed has seen something since this was read.</summary>
    public Task Progress
    {
        get
        {
            lock (_lock)
            {
                return _progress.Task;
            }
        }
    }

    /// <summary>Changes what is known of a root, and has it applied: at once without a coalescing window, otherwise at its end.</summary>
    public void Update(RootState root, Action<RootState> update)
    {
        bool isDue;
        lock (_lock)
        {
            update(root);
            isDue = ArmOrDue();
            _progress.TrySetResult();
            _progress = NewSignal();
        }

        FollowState();
        if (isDue)
        {
            _gate.Run();
        }
    }

    /// <summary>Applies at once what is known.</summary>
    /// <returns>When it is applied and announced; inside a callback, when it will be.</returns>
    public Task ApplyAsync()
    {
        TaskCompletionSource waiter = NewSignal();
        lock (_lock)
        {
            _waiters.Add(waiter);
        }

        bool isInCallback = IsInCallback;
        _gate.Run();
        return isInCallback ? Task.CompletedTask : waiter.Task;
    }

    /// <summary>From now on changes are announced.</summary>
    public void Open()
    {
        bool isDue;
        lock (_lock)
        {
            _isOpen = true;
            isDue = ArmOrDue();
        }

        if (isDue)
        {
            _gate.Run();
        }
    }

    public void Dispose() => _timer.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool ArmOrDue()
    {
        if (!_isOpen || !Roots.Any(root => root.Pending.Count > 0))
        {
            return false;
        }

        if (_options.CoalesceWindow > TimeSpan.Zero && !_isArmed)
        {
            _isArmed = true;
            _timer.Change(_options.CoalesceWindow, Timeout.InfiniteTimeSpan);
        }

        return _options.CoalesceWindow == TimeSpan.Zero;
    }

    /// <summary>Runs inside the gate: composes, swaps, announces.</summary>
    private void Pass()
    {
        List<TaskCompletionSource> waiters = [];
        try
        {
            Composition composition;
            List<DistributedConfigError> alarms = [];
            bool announce;
            lock (_lock)
            {
                _isArmed = false;
                waiters.AddRange(_waiters);
                _waiters.Clear();
                composition = _composer.Apply(Gather(alarms));
                _image = _composer.Image;
                announce = _isOpen && composition.Changed > 0;
            }

            _report.Add(alarms, composition);
            if (announce)
            {
                Log.Reloaded(_logger, Status.Revision, composition.Changed);
                Announce();
            }
        }
#pragma warning disable CA1031 // A defect in here must not end a feed or the process: the last good values stay, and it is said so.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.Unexpected(_logger, e.GetType().Name);
        }

        waiters.ForEach(waiter => waiter.TrySetResult());
    }

    private Dictionary<string, ConfigEntry?> Gather(List<DistributedConfigError> alarms)
    {
        Dictionary<string, ConfigEntry?> changes = new(StringComparer.Ordinal);
        bool isAllEmpty = Roots.All(root => root.IsEmpty);
        foreach (RootState root in Roots.Where(root => root.Pending.Count > 0))
        {
            bool keep = _options.Vanished == VanishedPolicy.KeepLastGood
                && root.IsEmpty && VanishedRule.Keeps(root, _composer.CountBelow(root.Prefix), isAllEmpty);
            if (keep && !root.HasVanished)
            {
                alarms.Add(Faults.Vanished(root));
            }

            root.HasVanished = keep;
            if (keep)
            {
                // What is pending stays so: it is applied together with whatever appears next.
                continue;
            }

            foreach ((string key, ConfigEntry? entry) in root.Pending)
            {
                changes[key] = entry;
            }

            root.Pending.Clear();
        }

        return changes;
    }

    private void Announce()
    {
        foreach (Action callback in Changed?.GetInvocationList().Cast<Action>() ?? [])
        {
            try
            {
                callback();
            }
#pragma warning disable CA1031 // The application's callbacks may throw anything; none of it may end a feed.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _report.CallbackFailed(e);
            }
        }
    }

    private void FollowState()
    {
        if (Status.TakeTransition() is { } transition)
        {
            _report.Transition(transition, Status.Revision);
        }
    }
}
