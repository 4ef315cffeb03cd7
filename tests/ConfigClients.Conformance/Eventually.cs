using System.Diagnostics;

namespace ConfigClients.Conformance;

/// <summary>Waits for a fact about state by asking again and again, up to a deadline; never for a fixed time.</summary>
public static class Eventually
{
    /// <summary>How long a fact may take unless a test says otherwise: 10 s.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads until the reading is right.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="read">Reads.</param>
    /// <param name="isRight">Judges.</param>
    /// <param name="within">The deadline. Default: <see cref="Deadline"/>.</param>
    /// <returns>The first reading that is right.</returns>
    /// <exception cref="TimeoutException">None was in time.</exception>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, Func<T, bool> isRight, TimeSpan? within = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            T reading = await read();
            if (isRight(reading))
            {
                return reading;
            }

            if (Stopwatch.GetElapsedTime(start) > (within ?? Deadline))
            {
                throw new TimeoutException($"Not so within {(within ?? Deadline).TotalSeconds} s; the last reading was: {reading?.ToString() ?? "null"}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until something holds.</summary>
    /// <param name="holds">Asks.</param>
    /// <param name="within">The deadline. Default: <see cref="Deadline"/>.</param>
    /// <returns>When it holds.</returns>
    public static Task HoldsAsync(Func<bool> holds, TimeSpan? within = null) =>
        ReadAsync(() => Task.FromResult(holds()), static held => held, within);

    /// <summary>Waits until a key is gone.</summary>
    /// <param name="store">Who looks.</param>
    /// <param name="key">The key.</param>
    /// <param name="within">The deadline. Default: <see cref="Deadline"/>.</param>
    /// <returns>When it is gone.</returns>
    public static Task GoneAsync(IConfigStore store, string key, TimeSpan? within = null) =>
        ReadAsync(() => store.GetAsync(key).AsTask(), static entry => entry is null, within);
}
