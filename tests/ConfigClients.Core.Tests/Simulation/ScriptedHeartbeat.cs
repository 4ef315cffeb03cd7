using ConfigClients.Adapters;
using ConfigClients.Conformance;

namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A heartbeat that does what the test says, beat by beat; the last saying holds for all later beats.</summary>
internal sealed class ScriptedHeartbeat(params Func<CancellationToken, Task<bool>>[] script) : IHeartbeat
{
    private int _beats;

    public static Func<CancellationToken, Task<bool>> Confirmed => static _ => Task.FromResult(true);

    public static Func<CancellationToken, Task<bool>> Gone => static _ => Task.FromResult(false);

    /// <summary>Never answers; gives up when told to.</summary>
    public static Func<CancellationToken, Task<bool>> Hanging => static async token =>
    {
        await Task.Delay(Timeout.Infinite, token);
        return true;
    };

    public int Beats => Volatile.Read(ref _beats);

    public static Func<CancellationToken, Task<bool>> Failing(Exception failure) => _ => Task.FromException<bool>(failure);

    public async ValueTask<bool> BeatAsync(CancellationToken cancellationToken)
    {
        int beat = Interlocked.Increment(ref _beats);
        return await script[Math.Min(beat, script.Length) - 1](cancellationToken);
    }

    public Task UntilBeatsAsync(int count) => Eventually.HoldsAsync(() => Beats >= count);
}
