using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ConfigClients.Conformance;

/// <summary>Keeps everything the SDK measures and traces while it is alive, as text.</summary>
public sealed class CapturedTelemetry : IDisposable
{
    private const string SourceName = "ConfigClients";

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    /// <summary>Starts to listen.</summary>
    public CapturedTelemetry()
    {
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == SourceName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>What was captured.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <inheritdoc/>
    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _lines.Enqueue($"{instrument.Name} {value} {Describe(tags.ToArray())}");

    private void Keep(Activity activity)
    {
        string events = string.Join(' ', activity.Events.Select(static e => $"{e.Name} {Describe(e.Tags)}"));
        _lines.Enqueue($"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {Describe(activity.TagObjects)} {Describe(activity.Baggage)} {events}");
    }

    private static string Describe<T>(IEnumerable<KeyValuePair<string, T>> pairs) => string.Join(' ', pairs.Select(static pair => $"{pair.Key}={pair.Value}"));
}
