using System.Collections.Concurrent;
using System.Diagnostics;
using ConfigClients.Backends.Native;

namespace ConfigClients.Backends.Etcd;

/// <summary>A run of <c>etcdctl lock</c> or <c>etcdctl elect</c>: waits for its turn, and then holds until it is told to let go.</summary>
public sealed class EtcdContender : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<string> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal EtcdContender(Process process)
    {
        _process = process;
        _ = ReadAsync();
    }

    /// <summary>Whether its turn came: it has printed its key.</summary>
    public bool IsHolder => _held.Task.IsCompletedSuccessfully;

    /// <summary>What it printed: its key, and behind that the value it was elected with.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits until its turn comes.</summary>
    /// <returns>Its key.</returns>
    /// <exception cref="InvalidOperationException">It ended before that; the message holds what it said.</exception>
    public Task<string> HoldAsync() => _held.Task;

    /// <summary>Asks it to let go, and returns when it has.</summary>
    public Task ReleaseAsync()
    {
        _ = ServerProcess.SendSignal(_process.Id, (int)Signal.Terminate);
        return _process.WaitForExitAsync();
    }

    /// <summary>Kills it: its key stays until its lease ends.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            _held.TrySetResult(line);
        }

        _held.TrySetException(new InvalidOperationException($"etcdctl ended before its turn came: {await errors}"));

        // Nobody may be waiting for it.
        _ = _held.Task.Exception;
    }
}
