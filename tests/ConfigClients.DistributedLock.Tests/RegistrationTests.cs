using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection;

namespace ConfigClients.DistributedLocks.Tests;

public sealed class RegistrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_line_brings_the_three_providers_and_the_recipe_of_the_same_name_is_the_same_lock()
    {
        await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded(options => options.InMemory = true).Build();
        await using ServiceProvider services = new ServiceCollection().AddSingleton(store).AddDistributedLocks(options => options.Prefix = "shop").BuildServiceProvider();

        await using IDistributedSynchronizationHandle handle =
            await services.GetRequiredService<IDistributedLockProvider>().AcquireLockAsync("nightly", cancellationToken: Stop);

        Assert.Null(await store.CreateLock("shop/locks/nightly").TryAcquireAsync(cancellationToken: Stop));
        Assert.Equal("shop/rwlocks/a", services.GetRequiredService<IDistributedReaderWriterLockProvider>().CreateReaderWriterLock("a").Name);
        Assert.Equal("shop/semaphores/a", services.GetRequiredService<IDistributedSemaphoreProvider>().CreateSemaphore("a", 1).Name);
        Assert.Null(services.GetService<IDistributedUpgradeableReaderWriterLockProvider>());
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MaxValue + 1L)]
    public async Task A_timeout_that_is_none_is_refused_before_anything_is_sent(long milliseconds)
    {
        await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded(options => options.InMemory = true).Build();
        IDistributedLock mutex = new ConfigStoreLockProvider(store).CreateLock("a");

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => mutex.AcquireAsync(TimeSpan.FromMilliseconds(milliseconds), Stop).AsTask());
        Assert.Throws<ArgumentOutOfRangeException>(() => mutex.TryAcquire(TimeSpan.FromMilliseconds(milliseconds), Stop));

        Assert.Empty((await store.ListAsync("", Stop)).Entries);
    }

    [Fact]
    public async Task A_prefix_that_is_no_key_and_a_name_that_is_null_are_refused()
    {
        await using IConfigStore store = new ConfigStoreBuilder().UseEmbedded(options => options.InMemory = true).Build();

        Assert.Throws<ArgumentException>(() => new ConfigStoreLockProvider(store, new ConfigStoreLockOptions { Prefix = "/a" }));
        Assert.Throws<ArgumentNullException>(() => new ConfigStoreLockProvider(store).CreateLock(null!));
    }
}
