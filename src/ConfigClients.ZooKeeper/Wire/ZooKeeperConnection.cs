namespace ConfigClients.ZooKeeper.Wire;

/// <summary>One connection to a server: sends what the pipeline holds, hands answers and events on in the order they come.</summary>
/// <remarks>
/// Sending and reading go on at the same time and wait for nothing but the network. No caller's token reaches them: a cancelled call never
/// leaves half a frame behind. <see cref="Ended"/> completes once nothing of the connection runs any more.
/// </remarks>
internal sealed class ZooKeeperConnection : IThreadPoolWorkItem, IDisposable
{
    private const int RoundsOnCaller = 4;

    private readonly Stream _stream;
    private readonly ZooKeeperFrameBuffer _frames;
    private readonly ZooKeeperWriter _writer = new();
    private readonly ZooKeeperConnectionParts _parts;

    // Never disposed: whoever ends the connection cancels it, and may come second, while another is still at it. It holds nothing that would need it.
#pragma warning disable CA2213
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213
    private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ZooKeeperAnswers _answers;
    private Exception? _reason;

    /// <summary>Takes over a stream on which the session is established.</summary>
    public ZooKeeperConnection(Stream stream, ZooKeeperPipeline pipeline, ZooKeeperConnectionParts parts)
    {
        _stream = stream;
        _parts = parts;
        _frames = new ZooKeeperFrameBuffer(parts.MaxResponseBytes);
        Pipeline = pipeline;
        _answers = new ZooKeeperAnswers(pipeline, parts);
    }

    /// <summary>What goes out and what is awaited.</summary>
    public ZooKeeperPipeline Pipeline { get; }

    /// <summary>Completes with the reason when the connection is over.</summary>
    public Task<Exception> Ended => _ended.Task;

    /// <summary>Starts reading and watching the clock. Call once.</summary>
    public void Start()
    {
        _ = ReceiveAsync();
        _ = BeatAsync();
    }

    /// <summary>Sends if there is something to send and nobody sends.</summary>
    public void Kick()
    {
        if (Pipeline.TryStartSending())
        {
            Send(onThisThread: true);
        }
    }

    /// <summary>Sends; whoever calls has claimed the right to.</summary>
    public void Send(bool onThisThread)
    {
        if (onThisThread)
        {
            _ = SendAsync();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public void Execute() => _ = SendAsync();

    /// <summary>Sends one of the connection's own requests.</summary>
    public ValueTask<long> SubmitAsync(ZooKeeperControlRequest request)
    {
        ValueTask<long> outcome = request.Outcome;
        Pipeline.Submit(request);
        Kick();
        return outcome;
    }

    /// <summary>Ends the connection: what is awaited fails, what was not sent waits for the next. The first reason stays.</summary>
    public void Abort(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _parts.Outbox.Detach(this);
            _stop.Cancel();
            _stream.Dispose();
            if (Pipeline.Close(reason))
            {
                _writer.Dispose();
            }
        }
    }

    /// <summary>Gives the connection up. Who waits learns that it is lost, not that the client is: another one follows.</summary>
    public void Dispose() => Abort(new ZooKeeperException(ZooKeeperError.ConnectionLoss, "This side gave the connection up."));

    private async Task SendAsync()
    {
        try
        {
            bool isClosed;
            for (int round = 0; Pipeline.Fill(_writer, out isClosed); round++)
            {
                await _stream.WriteAsync(_writer.Written, CancellationToken.None).ConfigureAwait(false);
                _writer.Reset();
                if (round == RoundsOnCaller)
                {
                    // The thread may be a caller's, who has something else to do.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }
            }

            if (isClosed)
            {
                _writer.Dispose();
            }
        }
#pragma warning disable CA1031 // Whatever goes wrong, the connection is over; the reason goes to everybody who waits.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Abort(e);
            _writer.Dispose();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                int bytes = await _stream.ReadAsync(_frames.Free, CancellationToken.None).ConfigureAwait(false);
                if (bytes == 0)
                {
                    throw new EndOfStreamException("The server closed the connection.");
                }

                _frames.Advance(bytes);
                _answers.TakeAll(_frames);

                // Answers make room for gets that wait.
                Kick();
            }
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Abort(e);
        }

        _frames.Dispose();
        _ended.SetResult(_reason!);
    }

    private async Task BeatAsync()
    {
        ZooKeeperPulse pulse = new(_parts.Session.Timeout);
        CancellationToken stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            TimeSpan sinceSent = _parts.Time.GetElapsedTime(Pipeline.LastSentAt);
            TimeSpan sinceAnswered = _parts.Time.GetElapsedTime(_answers.LastAt);
            switch (pulse.Decide(sinceSent, sinceAnswered, out TimeSpan look))
            {
                case ZooKeeperPulseAction.GiveUp:
                    Abort(new TimeoutException($"The server did not answer for {sinceAnswered.TotalSeconds:F1} s."));
                    return;
                case ZooKeeperPulseAction.Ping:
                    Pipeline.Submit(ZooKeeperControlRequest.Ping());
                    Kick();
                    break;
            }

            await Task.Delay(look, _parts.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
