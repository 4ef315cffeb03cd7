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
    private readonly TaskCompletionSource<EtcdHistory?> _created = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<EtcdEvent> _parts = [];
    private int _complete;
    private int _partBytes;
    private long _reached;
    private long _open;
    private int _held;

    /// <summary>Its number on the stream; chosen by this side.</summary>
    public long Id => id;

    /// <summary>Done when the server watches: how far the member was at that time. Null if the stream ended before, and another one will do.</summary>
    public Task<EtcdHistory?> Created => _created.Task;

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
    public void Begin(EtcdHistory told) => _created.TrySetResult(told);

    /// <summary>
    /// The server tells changes. A message may come in parts, and one that tells long history is large: whatever is older than the newest revision of a part
    /// is complete, and can be taken and resumed after. The newest may go on in the next part.
    /// </summary>
    /// <returns>False if it is over: the consumer is too far behind, or there is a gap.</returns>
    public bool Take(RepeatedField<Event> events, bool isPart)
    {
        foreach (Event told in events)
        {
            if (told.Kv is null)
            {
                throw EtcdFailures.Violation("A change came without its key", isWrite: false);
            }

            if (told.Kv.ModRevision < _open)
            {
                Gap($"the server told revision {told.Kv.ModRevision} after {_open}");
                return false;
            }

            if (told.Kv.ModRevision != _open)
            {
                (_reached, _open, _complete) = (_open, told.Kv.ModRevision, _parts.Count);
            }

            if (keys.Key(told.Kv.Key.Span) is { } key)
            {
                ConfigEntry? entry = told.Type == Event.Types.EventType.Put ? EtcdRow.Entry(key, told.Kv) : null;
                EtcdEvent change = new(told.Kv.ModRevision, new ConfigChange(key, entry));
                _parts.Add(change);
                _partBytes += SizeOf(change);
            }
        }

        if (_partBytes > MaxNewsBytes)
        {
            // Cut off, it would be told the same again. What is there now is less.
            Gap($"more than {MaxNewsBytes >> 20} MiB of changes were told at once");
            return false;
        }

        if (!isPart)
        {
            (_reached, _complete) = (_open, _parts.Count);
        }
        else if (_complete == 0)
        {
            return true;
        }

        List<EtcdEvent> whole = _parts.GetRange(0, _complete);
        _parts.RemoveRange(0, _complete);
        _complete = 0;
        int bytes = whole.Sum(SizeOf);
        _partBytes -= bytes;
        return Hold(new EtcdNews(whole, _reached, bytes));
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
        _created.TrySetResult(default(EtcdHistory));
        _news.Writer.TryWrite(new EtcdNews([], 0, 0, reason));
        End(null);
    }

    /// <summary>It is over.</summary>
    /// <param name="failure">Why; null if the consumer shall simply watch anew.</param>
    public void End(StoreException? failure)
    {
        _news.Writer.TryComplete(failure);
        if (failure is null)
        {
            _created.TrySetResult(null);
        }
        else if (_created.TrySetException(failure))
        {
            // Its consumer may have left.
            _ = _created.Task.Exception;
        }
    }

    private static int SizeOf(EtcdEvent told) => told.Change.Key.Length + (told.Change.Entry?.Value.Length ?? 0) + 128;

    private bool Hold(EtcdNews news)
    {
        int held = Interlocked.Add(ref _held, news.Bytes);

        // What comes first has to fit, however large: cut off from it, the watch would come back to the same again and again.
        return (held <= MaxBytes || held == news.Bytes) && _news.Reader.Count < MaxNews && _news.Writer.TryWrite(news);
    }
}
