using ConfigClients.Conformance;

namespace ConfigClients.Tests;

/// <summary>Nothing that the application does wrong reaches a timer's or a feed's thread.</summary>
public sealed class FeedThreadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    public async Task A_logger_that_throws_costs_messages_and_nothing_else(int windowMs)
    {
        using ThrowingLogger loggers = new();
        using FakeConfig config = new(options => (options.LoggerFactory, options.CoalesceWindow) = (loggers, TimeSpan.FromMilliseconds(windowMs)), ("a", "1"));

        for (int i = 2; i <= 4; i++)
        {
            config.Store.Push(("a", $"{i}"), ("bad.json", "{"));
            await Eventually.HoldsAsync(() =>
            {
                config.Time.Advance(TimeSpan.FromMilliseconds(250));
                return config.Root["a"] == $"{i}";
            });
        }

        Assert.Equal(3, config.Reloads);
    }

    [Fact]
    public async Task An_error_callback_that_throws_is_called_again_for_the_next_error()
    {
        int calls = 0;
        using FakeConfig config = new(
            options =>
            {
                options.CoalesceWindow = TimeSpan.Zero;
                options.OnError = _ =>
                {
                    Interlocked.Increment(ref calls);
                    throw new InvalidOperationException();
                };
            },
            ("a", "1"));

        config.Store.Push(("bad.json", "{"));
        config.Store.Push(("bad.json", "["), ("a", "2"));

        await config.ShowsAsync("a", "2");
        await Eventually.HoldsAsync(() => Volatile.Read(ref calls) == 2);
    }

    [Fact]
    public async Task A_refusal_is_told_and_kept_through_and_forgotten_when_it_ends()
    {
        using FakeConfig config = new(options => options.CoalesceWindow = TimeSpan.Zero, ("a", "1"));
        config.Store.Say(WatchBatch.Stale("gone", 1));

        config.Store.Break(new StoreException(StoreError.Denied, "no"));
        await Eventually.HoldsAsync(() => config.Errors.Count == 2);
        Assert.Equal("1", config.Root["a"]);
        config.Store.Write(("a", "2"));
        config.Store.Break(null);
        await Eventually.HoldsAsync(() =>
        {
            config.Time.Advance(TimeSpan.FromSeconds(1));
            return config.Root["a"] == "2";
        });

        Assert.Equal(DistributedConfigState.Live, config.Status.State);
        Assert.Equal([DistributedConfigErrorKind.Unavailable, DistributedConfigErrorKind.Refused], config.Errors.Select(error => error.Kind));
    }
}
