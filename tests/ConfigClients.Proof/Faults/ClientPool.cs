using System.Diagnostics;
using ConfigClients.Proof.Processes;

namespace ConfigClients.Proof.Faults;

/// <summary>The client processes of a run, each in its place; who is killed is followed by another one. Carries out the faults.</summary>
/// <param name="size">How many.</param>
/// <param name="start">Starts the process of a place: its number, and how many it had before.</param>
/// <param name="isBusy">Whether a process is in the middle of what a pause should hit.</param>
/// <param name="server">The store.</param>
public sealed class ClientPool(int size, Func<int, int, ChildProcess> start, Func<ChildProcess, bool> isBusy, StoreUnderProof server) : IAsyncDisposable
{
    private static readonly TimeSpan BusyWithin = TimeSpan.FromSeconds(5);

    private readonly ChildProcess[] _clients = [.. Enumerable.Range(0, size).Select(place => start(place, 0))];
    private readonly int[] _generation = new int[size];
    private readonly bool[] _isTaken = new bool[size];
    private readonly List<Task> _running = [];
    private readonly SemaphoreSlim _serverGate = new(1, 1);

    /// <summary>How often each kind of fault was carried out.</summary>
    public Dictionary<FaultKind, int> Done { get; } = [];

    /// <summary>The processes that are in their places now.</summary>
    public IReadOnlyList<ChildProcess> Clients => _clients;

    /// <summary>Begins a fault; one for a place that has another one under way goes to the next place. At most half of the places at a time.</summary>
    /// <param name="fault">The fault.</param>
    /// <returns>When it may go on: servers are waited for, clients are not.</returns>
    public async Task BeginAsync(Fault fault)
    {
        if (fault.Kind is FaultKind.KillServer or FaultKind.KillServerForLong)
        {
            Count(fault.Kind);
            await KillServerAsync(fault.Length);
            return;
        }

        int place = Enumerable.Range(fault.Target, _clients.Length).Select(i => i % _clients.Length).FirstOrDefault(i => !_isTaken[i], -1);
        if (place >= 0 && _isTaken.Count(static taken => taken) < _clients.Length / 2)
        {
            _isTaken[place] = true;
            Count(fault.Kind);
            _running.Add(RunAsync(fault, place));
        }
    }

    /// <summary>Waits for the faults that are under way.</summary>
    /// <returns>When all clients run again.</returns>
    public Task FinishAsync() => Task.WhenAll(_running);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess client in _clients)
        {
            await client.DisposeAsync();
        }
    }

    private async Task RunAsync(Fault fault, int place)
    {
        if (fault.Kind == FaultKind.KillClient)
        {
            await _clients[place].KillAsync();
            _clients[place] = start(place, ++_generation[place]);
        }
        else
        {
            for (long since = Stopwatch.GetTimestamp(); !isBusy(_clients[place]) && Stopwatch.GetElapsedTime(since) < BusyWithin;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }

            _clients[place].Pause();
            await Task.Delay(fault.Length);
            _clients[place].Resume();
        }

        _isTaken[place] = false;
    }

    private async Task KillServerAsync(TimeSpan length)
    {
        await _serverGate.WaitAsync();
        await server.Server!.KillAsync();
        await Task.Delay(length);
        await server.Server.RestartAsync();
        _serverGate.Release();
    }

    private void Count(FaultKind kind) => Done[kind] = Done.GetValueOrDefault(kind) + 1;
}
