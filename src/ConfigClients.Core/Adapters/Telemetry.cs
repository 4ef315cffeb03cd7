using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ConfigClients.Adapters;

/// <summary>Every metric and trace there is. Tags hold kinds and outcomes; keys appear in traces only, values and credentials nowhere.</summary>
internal static class Telemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "ConfigClients";

    private static readonly ActivitySource Activities = new(SourceName);
    private static readonly Meter Meter = new(SourceName);

    private static readonly Histogram<double> OperationDuration = Meter.CreateHistogram<double>(
        "configclients.operation.duration", "s", "How long calls to the store took, by store, operation and outcome.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "configclients.retries", "{retry}", "Requests that were tried again.");

    private static readonly Counter<long> WatchGaps = Meter.CreateCounter<long>(
        "configclients.watch.gaps", "{gap}", "Times a watch could not show continuity and delivered a snapshot again.");

    private static readonly Counter<long> WatchBatches = Meter.CreateCounter<long>(
        "configclients.watch.batches", "{batch}", "Batches delivered by watches, by kind.");

    private static readonly Histogram<double> WatchSilence = Meter.CreateHistogram<double>(
        "configclients.watch.silence", "s", "Age of a watch's last sign of life when the next one came, or when it was given up.");

    private static readonly Counter<long> SessionChanges = Meter.CreateCounter<long>(
        "configclients.session.changes", "{change}", "Sessions that were opened, suspended, resumed or ended, by store and state.");

    public static bool IsListening => OperationDuration.Enabled || Activities.HasListeners();

    public static Activity? StartActivity(string store, string operation, string? key)
    {
        Activity? activity = Activities.StartActivity($"{operation} {store}", ActivityKind.Client);
        activity?.SetTag("db.system.name", store).SetTag("db.operation.name", operation).SetTag("configclients.key", key);
        return activity;
    }

    public static void RecordOperation(string store, string operation, string outcome, TimeSpan duration) =>
        OperationDuration.Record(duration.TotalSeconds, new("store", store), new("operation", operation), new("outcome", outcome));

    public static void RecordRetry(string store) => Retries.Add(1, new KeyValuePair<string, object?>("store", store));

    public static void RecordGap(string store) => WatchGaps.Add(1, new KeyValuePair<string, object?>("store", store));

    public static void RecordBatch(string store, WatchBatchKind kind) => WatchBatches.Add(1, new("store", store), new("kind", Name(kind)));

    public static void RecordSilence(string store, TimeSpan silence) =>
        WatchSilence.Record(silence.TotalSeconds, new KeyValuePair<string, object?>("store", store));

    public static void RecordSession(string store, string state) => SessionChanges.Add(1, new("store", store), new("state", state));

    public static string Name(StoreError error) => error switch
    {
        StoreError.Unavailable => "unavailable",
        StoreError.Throttled => "throttled",
        StoreError.Denied => "denied",
        StoreError.TooLarge => "too_large",
        StoreError.SessionEnded => "session_ended",
        StoreError.StoreFull => "store_full",
        StoreError.InvalidRequest => "invalid_request",
        StoreError.Unsupported => "unsupported",
        StoreError.ProtocolViolation => "protocol_violation",
        _ => "corrupt",
    };

    private static string Name(WatchBatchKind kind) => kind switch
    {
        WatchBatchKind.Snapshot => "snapshot",
        WatchBatchKind.Changes => "changes",
        _ => "stale",
    };
}
