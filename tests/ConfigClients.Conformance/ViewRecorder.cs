using ConfigClients.Recipes;

namespace ConfigClients.Conformance;

/// <summary>Follows a group in the background and keeps every view of it.</summary>
public sealed class ViewRecorder : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<MembershipView> _views = [];
    private readonly Task _run;

    private ViewRecorder(IConfigStore store, string name) => _run = Task.Run(() => RunAsync(store.CreateMembership(name)));

    /// <summary>The views so far, each as ids with commas between.</summary>
    public IReadOnlyList<string> Ids => [.. Views.Select(Join)];

    /// <summary>The views so far.</summary>
    public IReadOnlyList<MembershipView> Views
    {
        get
        {
            lock (_gate)
            {
                return [.. _views];
            }
        }
    }

    /// <summary>Starts and waits until certain members are there.</summary>
    /// <param name="store">Who looks.</param>
    /// <param name="name">The group.</param>
    /// <param name="ids">The members, with commas between.</param>
    /// <returns>The recorder.</returns>
    public static async Task<ViewRecorder> StartAsync(IConfigStore store, string name, string ids)
    {
        ViewRecorder recorder = new(store, name);
        await recorder.UntilAsync(ids);
        return recorder;
    }

    /// <summary>The epochs under which a member was seen, in the order of the views, each as often as it came.</summary>
    /// <param name="id">The member.</param>
    /// <returns>The epochs; null where it was not there.</returns>
    public IReadOnlyList<long?> Epochs(string id)
    {
        List<long?> epochs = [];
        foreach (MembershipView view in Views)
        {
            if (epochs.Count == 0 || epochs[^1] != view.Find(id)?.Epoch)
            {
                epochs.Add(view.Find(id)?.Epoch);
            }
        }

        return epochs;
    }

    /// <summary>Waits until the last view has certain members.</summary>
    /// <param name="ids">The members, with commas between.</param>
    /// <param name="within">The deadline.</param>
    /// <returns>When it has.</returns>
    public Task UntilAsync(string ids, TimeSpan? within = null) => Eventually.HoldsAsync(() => Views is [.., var last] && Join(last) == ids, within);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static string Join(MembershipView view) => string.Join(',', view.Members.Select(static member => member.Id));

    private async Task RunAsync(Membership membership)
    {
        await foreach (MembershipView view in membership.WatchAsync(_stop.Token))
        {
            lock (_gate)
            {
                _views.Add(view);
            }
        }
    }
}
