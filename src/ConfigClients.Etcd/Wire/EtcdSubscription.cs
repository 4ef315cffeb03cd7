using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ConfigClients.Adapters;
using Google.Protobuf.Collections;
using Mvccpb;

namespace ConfigClients.Etcd.Wire;

/// <summary>One watch on a stream: what the server tells, kept until its consumer takes it.</summary>
/// <remarks>
/// Filled by the reader of the stream, emptied by one consumer. It holds so much and no more: a consumer that falls behind is cut off, and
/// goes on at the revision it has reached. The server keeps the history, so nothing is lost and nobody else waits.
/// </remarks>
internal sealed class EtcdSubscription(long id, EtcdKeys keys)
{
    /// <summary>Most that waits for a consumer; one that comes while nothing waits may be larger.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    private const int MaxNews = 1024;

    /// <summary>Most that is told at once, in parts or in one.</summary>
    private const int MaxNewsBytes = EtcdMember.MaxAnswerBytes;

    private readonly Channel<EtcdNews> _news = Channel.CreateUnbounded<EtcdNews>();
    private readonly TaskCompletionSource<long> _created = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<EtcdEvent> _parts = [];
    private long _newest;
    private int _partBytes;
    private int _held;

    /// <summary>Its number on the stream; chosen by this side.</summary>
    public long Id => id;

    /// <summary>Done when the server watches: the revision of the store at that time. A watch from now on tells everything after it.</summary>
    public Task<long> Created => _created.Task;

    /// <summary>Whether its consumer has left.</summary>
    public bool IsParted { get; set; }

    /// <summary>What it is told, as steps, without what the consumer has seen already. Whatever waits comes as one step: a slow consumer gets the newest state.</summary>
    /// <param name="after">The revision that the consumer has reached.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Steps until the stream ends. A normal end asks to watch anew from the revision reached.</returns>
    /// <exception cref="StoreException">The stream broke, or the server refused to go on.</exception>
    public async IAsyncEnumerable<WatchStep> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _news.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            List<ConfigChange> changes = [];
            long reached = after;
            string? gap = null;
            while (gap is null && _news.Reader.TryRead(out EtcdNews? news))
            {
                Interlocked.Add(ref _held, -news.Bytes);
                changes.AddRange(news.Events.Where(told => told.Revision > after).Select(static told => told.Change));
                reached = Math.Max(reached, news.Revision);
                gap = news.Gap;
            }

            after = reached;
            yield return gap is not null ? WatchStep.Gap(gap)
                : changes.Count == 0 ? WatchStep.Idle(after)
                : WatchStep.FromChanges(changes, after);
            if (gap is not null)
            {
                yield break;
            }
        }
    }

    /// <summary>The server watches.</summary>
    public void Begin(long revision) => _created.TrySetResult(revision);

    /// <summary>The server tells changes. They count from the last part on: a resume in between would lose the rest.</summary>
    /// <returns>False if it is over: the consumer is too far behind, or there is a gap.</returns>
    public bool Take(RepeatedField<Event> events, bool isPart)
    {
        foreach (Event told in events)
        {
            if (told.Kv is null)
            {
                throw EtcdFailures.Violation("A change came without its key", isWrite: false);
            }

            if (told.Kv.ModRevision < _newest)
            {
                Gap($"the server told revision {told.Kv.ModRevision} after {_newest}");
                return false;
            }

            _newest = told.Kv.ModRevision;
            _partBytes += told.Kv.Key.Length + told.Kv.Value.Length + 128;
            if (_partBytes > MaxNewsBytes)
            {
                // Cut off, it would be told the same again. What is there now is less.
                Gap($"more than {MaxNewsBytes >> 20} MiB of changes were told at once");
                return false;
            }

            if (keys.Key(told.Kv.Key.Span) is { } key)
            {
                ConfigEntry? entry = told.Type == Event.Types.EventType.Put ? EtcdRow.Entry(key, told.Kv) : null;
                _parts.Add(new EtcdEvent(told.Kv.ModRevision, new ConfigChange(key, entry)));
            }
        }

        if (isPart)
        {
            return true;
        }

        bool fits = Hold(new EtcdNews([.. _parts], _newest, _partBytes));
        _parts.Clear();
        _partBytes = 0;
        return fits;
    }

    /// <summary>The server has told everything up to a revision.</summary>
    public void Progress(long revision)
    {
        // Whoever has news to read knows that the watch lives.
        if (_news.Reader.Count == 0 && _parts.Count == 0)
        {
            _news.Writer.TryWrite(new EtcdNews([], revision, 0));
        }
    }

    /// <summary>Changes are missing.</summary>
    public void Gap(string reason)
    {
        _created.TrySetResult(0);
        _news.Writer.TryWrite(new EtcdNews([], 0, 0, reason));
        End(null);
    }

    /// <summary>It is over.</summary>
    /// <param name="failure">Why; null if the consumer shall simply watch anew.</param>
    public void End(StoreException? failure)
    {
        _news.Writer.TryComplete(failure);
        if (_created.TrySetException(failure ?? new StoreException(StoreError.Unavailable, "The watch ended before it began.")))
        {
            // Its consumer may have left.
            _ = _created.Task.Exception;
        }
    }

    // Whatever comes while nothing waits is taken: a consumer that was cut off would be told it again, and again cut off.
    private bool Hold(EtcdNews news) =>
        (Interlocked.Add(ref _held, news.Bytes) <= MaxBytes || _news.Reader.Count == 0) && _news.Reader.Count < MaxNews && _news.Writer.TryWrite(news);
}
