using System.Diagnostics;

namespace ConfigClients.Backends.Tests;

/// <summary>Waits for a fact, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task TrueAsync(Func<bool> fact) => TrueAsync(() => Task.FromResult(fact()));

    public static async Task TrueAsync(Func<Task<bool>> factAsync)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await factAsync())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, "It did not become true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The first answer that is not a failed request.</summary>
    public static async Task<T> AnswerAsync<T>(Func<Task<T>> askAsync)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await askAsync();
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException && Stopwatch.GetElapsedTime(started) < Limit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
            }
        }
    }
}
